/** A request's body, held as long as it is small, so that it can be sent again to another node. */
import type { IncomingMessage } from 'node:http';

export interface RequestBody {
  /** Whether `content` may be taken more than once. */
  readonly again: boolean;
  /** What to send; null without a body. */
  content(): Buffer | AsyncIterable<Uint8Array> | null;
}

/** Reads up to `heldBytesMax`; a larger body is passed on as it comes, once. Rejects when the client goes away. */
export async function readBody(request: IncomingMessage, heldBytesMax: number): Promise<RequestBody> {
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
  if (coding === undefined && (length === undefined || length === '0')) return { again: true, content: () => null };
  const chunks: Buffer[] = [];
  let held = 0;
  const source = request[Symbol.asyncIterator]();
  for (;;) {
    const next = await (source.next() as Promise<IteratorResult<Buffer, undefined>>);
    if (next.done === true) {
      const whole = Buffer.concat(chunks);
      return { again: true, content: () => whole };
    }
    chunks.push(next.value);
    held += next.value.length;
    if (held > heldBytesMax) return { again: false, content: () => rest(chunks, source) };
  }
}

async function* rest(chunks: readonly Buffer[], source: AsyncIterator<unknown>): AsyncIterable<Uint8Array> {
  yield* chunks;
  for (let next = await source.next(); next.done !== true; next = await source.next()) yield next.value as Buffer;
}
