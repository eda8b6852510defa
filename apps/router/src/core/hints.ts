/** The few messages that a router makes itself, all of them hints or envelopes without a position (protocol: `session.stalled`, `reconnect`, `hb`). */
import { encodeControl, encodeHint } from '@ringmaster/protocol';
import { outFrame, type OutFrame } from './client-socket.js';

export type StallReason = 'owner' | 'moving';

/** `at`, here and below: session time in ms. */
export const stalledHint = (at: number, reason: StallReason): OutFrame => outFrame(encodeHint('session.stalled', Math.floor(at), { reason }));

export const unstalledHint = (at: number): OutFrame => outFrame(encodeHint('session.unstalled', Math.floor(at), {}));

export const beatHint = (at: number): OutFrame => outFrame(encodeControl('hb', { at: Math.floor(at) }));

/** `minMs`, `maxMs`: the window of the client's back-off. */
export const reconnectHint = (reason: 'drain' | 'overload', minMs: number, maxMs: number): OutFrame =>
  outFrame(encodeControl('reconnect', { reason, minMs, maxMs }));

const COMMA = 0x2c;
const KIND_BYTES_MAX = 64;

/** What tells hints of one kind apart without reading them: the bytes before the first comma, which hold `t`. Null: too long to tell. */
export function hintKind(bytes: Uint8Array): string | null {
  const end = bytes.subarray(0, KIND_BYTES_MAX).indexOf(COMMA);
  return end < 0 ? null : Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('latin1');
}
