/**
 * K5: what the router keeps unread and gives back to whichever node owns the session next, so that nobody says hello twice. It comes over the authenticated
 * link only; whether the player is still in is looked up in the state all the same.
 */
import { roles, type Role } from '@ringmaster/protocol';
import { z } from 'zod';

/** Orders the connections of one player: the higher stays. */
export interface Generation {
  readonly epoch: number;
  /** Never repeats within an epoch. */
  readonly count: number;
  /** Session time at which the connection's hello reached its router, ms. */
  readonly at: number;
}

/** How far apart two routers' estimates of session time may be, ms: hellos closer than this are ordered as they were executed. */
const SKEW_MS = 50;

export interface Bind {
  readonly role: Role;
  readonly playerId?: string;
  /** The history that the position in `open` belongs to. */
  readonly e: string;
  readonly gen: Generation;
}

const schema = z.object({
  v: z.literal(1),
  role: z.enum(roles),
  playerId: z.string().optional(),
  e: z.string(),
  gen: z.tuple([z.int().min(0), z.int().min(0), z.number().min(0)]),
});

export function encodeBind({ role, playerId, e, gen }: Bind): Uint8Array {
  return Buffer.from(JSON.stringify({ v: 1, role, playerId, e, gen: [gen.epoch, gen.count, gen.at] }));
}

/** Undefined when it is of another release or no bind at all: the client then has to say hello again. */
export function decodeBind(bytes: Uint8Array): Bind | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
  const read = schema.safeParse(raw);
  if (!read.success) return undefined;
  const { role, playerId, e, gen } = read.data;
  if ((role === 'player') !== (playerId !== undefined)) return undefined;
  return { role, ...(playerId === undefined ? {} : { playerId }), e, gen: { epoch: gen[0], count: gen[1], at: gen[2] } };
}

/**
 * K5: whether a connection of generation `a` outlives one of `b`. A hello that was kept (K1) may be executed long after the one with which its player has come
 * back meanwhile: when it was said counts before when it was executed.
 */
export function isNewer(a: Generation, b: Generation): boolean {
  if (Math.abs(a.at - b.at) > SKEW_MS) return a.at > b.at;
  return a.epoch !== b.epoch ? a.epoch > b.epoch : a.count > b.count;
}
