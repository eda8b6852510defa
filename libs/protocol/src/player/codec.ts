import type { z } from 'zod';
import { utf8 } from '../utf8.js';
import { readAnswerSubmit } from './answer-submit.js';
import { clientMessages, type ClientCommand, type ClientPayload, type ClientType } from './client-messages.js';

/** `id` is missing where it could not be read: such an error is answered without `re`. `detail` is for the developer of the client. */
export interface UnreadableFrame {
  readonly ok: false;
  readonly code: 100 | 101 | 102;
  readonly id?: number;
  readonly detail?: string;
}
export type DecodedClientFrame = ({ readonly ok: true; readonly id: number } & ClientCommand) | UnreadableFrame;

const ID_MAX = 0xffff_ffff;
const DETAIL_CHARS_MAX = 200;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const isClientType = (t: string): t is ClientType => Object.hasOwn(clientMessages, t);

/**
 * Reads one frame of a client. Never throws. 100: no UTF-8, no JSON object, `t` no string or `id` no uint32; 101: unknown `t`; 102: `d` does not fit. Unknown
 * fields are left out of `d`. The frame's size is the transport's to limit, and who may send what is the session's to say.
 */
export function decodeClientFrame(bytes: Uint8Array): DecodedClientFrame {
  let frame: unknown;
  try {
    frame = JSON.parse(decoder.decode(bytes));
  } catch {
    return { ok: false, code: 100 };
  }
  if (typeof frame !== 'object' || frame === null || Array.isArray(frame)) return { ok: false, code: 100 };
  const { t, id: rawId, d = {} } = frame as Readonly<Record<string, unknown>>;
  if (typeof rawId !== 'number' || !Number.isInteger(rawId) || rawId < 0 || rawId > ID_MAX) return { ok: false, code: 100 };
  const id = rawId + 0; // -0 is echoed as 0
  if (typeof t !== 'string') return { ok: false, code: 100, id };
  if (t === 'answer.submit') {
    const answer = readAnswerSubmit(d);
    if (answer !== null) return { ok: true, id, t, d: answer };
  }
  if (!isClientType(t)) return { ok: false, code: 101, id };
  const read = clientMessages[t].d.safeParse(d);
  if (!read.success) return { ok: false, code: 102, id, detail: firstIssue(read.error) };
  return { ok: true, id, t, d: read.data } as DecodedClientFrame;
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'd';
  return `${['d', ...issue.path].map(String).join('.')}: ${issue.message}`.slice(0, DETAIL_CHARS_MAX);
}

/** A command as a client sends it. `id` is a uint32 that the reply echoes. */
export function encodeCommand<T extends ClientType>(t: T, id: number, d: ClientPayload<T>): Uint8Array {
  return utf8(JSON.stringify({ t, id, d }));
}
