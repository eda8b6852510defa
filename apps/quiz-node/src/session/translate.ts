/**
 * A client's frame as it came over the link → what the session is asked. Nothing is judged here that depends on the session: a refusal too goes through the
 * mailbox, behind the frames before it (K2, L6).
 */
import type { Lane } from '@ringmaster/actors';
import { dataFlag, decodeClientFrame, type ClientData, type DecodedClientFrame, type Role } from '@ringmaster/protocol';
import type { OpenConnection } from './open-connection.js';
import type { SessionCommand } from './session-command.js';

export interface Translated {
  readonly command: SessionCommand;
  /** Id of the frame for its reply; missing where it could not be read. */
  readonly re: number | undefined;
  /** The connection is closed behind the reply. */
  readonly fatal: boolean;
  /** Its reply is the present state, so it is asked for only when all earlier replies have left. */
  readonly waits: boolean;
}

/** `freshPlayerId` makes an id for a player that may be new. */
export function translate(open: OpenConnection, { recvAt, flags, bytes }: ClientData, freshPlayerId: () => string): Translated {
  const { seat } = open;
  if (flags & dataFlag.binaryFrame) return { command: { type: 'refuse', seat, code: 100, hello: false }, re: undefined, fatal: true, waits: false };
  const frame = decodeClientFrame(bytes);
  const re = frame.id;
  const asked = (command: SessionCommand, waits = false): Translated => ({ command, re, fatal: false, waits });
  if (flags & dataFlag.overRate) return asked({ type: 'refuse', seat, code: 110, hello: false });
  if (!frame.ok) return asked({ type: 'refuse', seat, code: frame.code, hello: isHello(frame, bytes), ...(frame.detail === undefined ? {} : { detail: frame.detail }) });
  // Whole ms, upwards: a frame that came after a clock was shown is never counted as before it (T3).
  const at = Math.ceil(recvAt);
  if (frame.t === 'hello') return asked({ type: 'hello', seat, re: frame.id, d: frame.d, freshPlayerId: freshPlayerId(), recvAt: at });
  // Clocks are compared to the fraction: a t1 rounded up would make clients unlock early.
  if (frame.t === 'sync') return asked({ type: 'client', seat, message: frame, recvAt, creditMs: 0 });
  return asked({ type: 'client', seat, message: frame, recvAt: at, creditMs: open.creditMs }, frame.t === 'resync');
}

/** All frames of a connection use one lane, so their turns keep their order. What may be an answer goes with the answers and deadlines (T3). */
export function laneOf(role: Role): Lane {
  if (role === 'host') return 'host';
  return role === 'player' ? 'ordered' : 'rest';
}

/** The lane of a connection by its first frame. */
export function laneOfFirst(command: SessionCommand): Lane {
  return command.type === 'hello' ? laneOf(command.d.role) : 'ordered';
}

/** Whether a frame with a wrong `d` (102) was meant to be a hello. */
function isHello(frame: Exclude<DecodedClientFrame, { ok: true }>, bytes: Uint8Array): boolean {
  if (frame.code !== 102) return false;
  return (JSON.parse(Buffer.from(bytes).toString('utf8')) as { readonly t?: unknown }).t === 'hello';
}
