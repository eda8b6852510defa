/** The catalogue of what a client may send: the schema of `d`, that of the `ok`, who may send it, and what it means. */
import { z } from 'zod';
import { roles, type Role } from '../roles.js';
import { hostCommandOkSchema, hostCommandSchema } from './host-command.js';
import { answerValueSchema, countSchema, idSchema, receiptSchema, timeSchema } from './values.js';

export interface ClientMessage {
  readonly d: z.ZodType;
  /** `d` of the `ok`; null where the reply is another message (`hello`: `welcome`). */
  readonly ok: z.ZodType | null;
  readonly from: readonly Role[];
  readonly about: string;
}

const nothing = z.object({});

/**
 * A nickname may be missing here: whether it must be there depends on the session (a known joinId and generated nicknames need none), so the domain answers 102.
 */
const helloSchema = z.object({
  role: z.enum(roles),
  nickname: z.string().optional(),
  joinId: idSchema.optional(),
  token: z.string().optional(),
  resume: z.object({ token: z.string(), e: z.string(), s: countSchema, p: countSchema }).optional(),
  client: z.object({ name: z.string(), version: z.string() }).optional(),
});

export const answerSubmitSchema = z.object({ answerId: idSchema, qid: idSchema, value: answerValueSchema });

export const clientMessages = {
  hello: {
    d: helloSchema,
    ok: null,
    from: roles,
    about: 'The first frame, answered by `welcome`. A new player gives `nickname` and `joinId`, a returning one `resume`, host and presenter `token`.',
  },
  'answer.submit': {
    d: answerSubmitSchema,
    ok: z.object({ answerId: idSchema, receivedAt: timeSchema, receipt: receiptSchema, value: answerValueSchema.optional(), dup: z.literal(true).optional() }),
    from: ['player'],
    about: 'An answer. `ok` means that it is durable. Sent again with the same `answerId` it gets the same `ok`, with `dup` and the stored `value`.',
  },
  'nickname.set': {
    d: z.object({ nickname: z.string() }),
    ok: z.object({ nickname: z.string() }),
    from: ['player'],
    about: 'Another nickname, in the lobby only.',
  },
  sync: {
    d: z.object({ t0: z.number() }),
    ok: z.object({ t0: z.number(), t1: z.number(), t2: z.number() }),
    from: roles,
    about: 'Compares clocks: `t1` is the session time of arrival, `t2` that of the reply. With `t3` = arrival of the reply on the clock of `t0`: offset = ((t1 − t0) + (t2 − t3)) / 2.',
  },
  resync: { d: nothing, ok: nothing, from: roles, about: 'Asks for a `snapshot`, which follows the `ok`.' },
  leave: { d: nothing, ok: nothing, from: roles, about: 'Leaves for good; the socket closes with 1000. A dropped socket is not a leave.' },
  'host.cmd': {
    d: hostCommandSchema,
    ok: hostCommandOkSchema,
    from: ['host'],
    about: 'An order of the host. A known `cmdId` gets the first `ok` again, with `dup`. With `ifSeq` it is refused (400) unless the session\'s `s` is still this.',
  },
} as const satisfies Readonly<Record<string, ClientMessage>>;

export type ClientType = keyof typeof clientMessages;
export type ClientPayload<T extends ClientType> = z.infer<(typeof clientMessages)[T]['d']>;
export type OkPayload<T extends Exclude<ClientType, 'hello'>> = z.infer<(typeof clientMessages)[T]['ok']>;
/** A command as it was read, without its id. */
export type ClientCommand = { [T in ClientType]: { readonly t: T; readonly d: ClientPayload<T> } }[ClientType];

export const clientTypes = Object.keys(clientMessages) as readonly ClientType[];

/** The schema of a whole command frame. `d` may be missing where {} would do. */
export function clientFrameSchema(t: ClientType): z.ZodType {
  const { d } = clientMessages[t];
  return z.object({ t: z.literal(t), id: z.uint32(), d: d.safeParse({}).success ? d.optional() : d });
}
