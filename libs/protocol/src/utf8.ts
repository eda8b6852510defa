/**
 * Text to UTF-8. Where there is a Buffer, it does it in a tenth of the time of a TextEncoder; a browser has none.
 * What it gives may share its memory with other short-lived bytes: for what is kept long, `keptUtf8`.
 */
interface BufferLike {
  from(text: string): Uint8Array;
}

const encoder = new TextEncoder();
const buffers = (globalThis as { readonly Buffer?: BufferLike }).Buffer;

/** Bytes in memory of their own: what keeps them keeps nothing else. */
export const keptUtf8 = (text: string): Uint8Array => encoder.encode(text);

/** Bytes for now: a frame that is written, or copied into another, and forgotten. */
export const utf8: (text: string) => Uint8Array = buffers === undefined ? keptUtf8 : (text) => buffers.from(text);
