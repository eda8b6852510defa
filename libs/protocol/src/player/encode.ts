/**
 * What the server writes, as UTF-8 bytes: a frame is encoded once per audience and the same bytes go to every socket. `at` is session time in ms.
 */
import { errorEntry } from '../error-codes.js';
import { keptUtf8, utf8 } from '../utf8.js';
import type { ClientType, OkPayload } from './client-messages.js';
import type { ServerPayload, TypeOfStream } from './server-messages.js';

const json = JSON.stringify;

/** What an error's `d` may hold besides what the catalogue gives; `retry` overrides it. */
export type ErrExtra = Partial<Pick<ServerPayload<'err'>, 'retry' | 'retryAfterMs' | 'answered' | 'detail'>>;

/** `ok` to command `re`. */
export function encodeOk<T extends Exclude<ClientType, 'hello'>>(re: number, d: OkPayload<T>): Uint8Array {
  return utf8(`{"t":"ok","re":${re},"d":${json(d)}}`);
}

/** `err` to command `re`, or without `re` where the id could not be read. Throws RangeError for a code that is not in the catalogue. */
export function encodeErr(re: number | undefined, code: number, extra?: ErrExtra): Uint8Array {
  const { name, retry, msg } = errorEntry(code);
  const to = re === undefined ? '' : `"re":${re},`;
  return utf8(`{"t":"err",${to}"d":${json({ code, name, retry, msg, ...extra })}}`);
}

/** The reply to `hello`. */
export function encodeWelcome(re: number, d: ServerPayload<'welcome'>): Uint8Array {
  return utf8(`{"t":"welcome","re":${re},"d":${json(d)}}`);
}

/** Message number `s` of the session, the same bytes for all roles. Those who come back get them again: they are kept. */
export function encodeShared<T extends TypeOfStream<'shared'>>(t: T, e: string, s: number, at: number, d: ServerPayload<T>): Uint8Array {
  return keptUtf8(`{"t":"${t}","e":${json(e)},"s":${s},"at":${at},"d":${json(d)}}`);
}

/** Message number `p` of one player. */
export function encodePrivate<T extends TypeOfStream<'private'>>(t: T, e: string, p: number, at: number, d: ServerPayload<T>): Uint8Array {
  return utf8(`{"t":"${t}","e":${json(e)},"p":${p},"at":${at},"d":${json(d)}}`);
}

/** A message without a number: it may be dropped, and is never sent again. */
export function encodeHint<T extends TypeOfStream<'hint'>>(t: T, at: number, d: ServerPayload<T>): Uint8Array {
  return utf8(`{"t":"${t}","at":${at},"d":${json(d)}}`);
}

/** The state after shared message `s` and private message `p`. */
export function encodeSnapshot(e: string, s: number, p: number, at: number, d: ServerPayload<'snapshot'>): Uint8Array {
  return utf8(`{"t":"snapshot","e":${json(e)},"s":${s},"p":${p},"at":${at},"d":${json(d)}}`);
}

/** `hb` and `reconnect`: about the connection, not about the session. */
export function encodeControl<T extends TypeOfStream<'control'>>(t: T, d: ServerPayload<T>): Uint8Array {
  return utf8(`{"t":"${t}","d":${json(d)}}`);
}
