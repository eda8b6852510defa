/** The host's orders: the `d` of `host.cmd`, and the body of the REST command, which refuses unknown fields. */
import { z } from 'zod';
import { defaultLimits } from '../limits.js';
import { countSchema, idSchema, phaseSchema } from './values.js';

const reasonSchema = z.string().min(1).max(200);

const commandWith = (object: typeof z.object) => {
  const order = <C extends string, A extends z.ZodType>(cmd: C, args: A) =>
    object({ cmdId: idSchema, cmd: z.literal(cmd), ifSeq: countSchema.optional(), args });
  const nothing = object({}).optional();
  const player = object({ playerId: idSchema });
  return z.discriminatedUnion('cmd', [
    order('start', nothing),
    order('next', nothing),
    order('close', nothing),
    order('reveal', nothing),
    order('leaderboard', nothing),
    order('pause', object({ reason: reasonSchema.optional() }).optional()),
    order('resume', nothing),
    order('extend', object({ ms: z.int().min(1).max(defaultLimits.extendMsMax) })),
    order('skip', nothing),
    order('void', object({ qid: idSchema, reason: reasonSchema.optional() })),
    order('lock', nothing),
    order('unlock', nothing),
    order('kick', player),
    order('ban', player),
    order('end', nothing),
  ]);
};

export const hostCommandSchema = commandWith(z.object);
/** The same set; a field that it does not know is refused. Same inferred type, so the cast only names the constructor. */
export const strictHostCommandSchema = commandWith(z.strictObject as unknown as typeof z.object);
export type HostCommand = z.infer<typeof hostCommandSchema>;
export type HostOrder = HostCommand['cmd'];

/** Phase and position after everything that the command caused at once. A session that is paused says `paused`. */
export const hostCommandOkSchema = z.object({
  phase: z.union([phaseSchema, z.literal('paused')]),
  e: idSchema,
  s: countSchema,
  dup: z.literal(true).optional(),
});
