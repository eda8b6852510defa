/**
 * The header of a numbered record from its bytes, without a string or a parser (L1): who looks for claims passes hundreds of thousands of records.
 * Knows only the one form in which they are written; whatever else is JSON is left to the parser.
 */
import type { NumberedHeader } from './record.js';

/** How `encodeTurn` and `encodeRecord` begin a numbered record. */
const HEADS = (['turn', 'fence', 'released'] as const).map((kind) => ({ kind, bytes: Buffer.from(`{"f":1,"kind":"${kind}","epoch":`) }));
const N = Buffer.from(',"n":');
const AT = Buffer.from(',"at":');
const COMMA = 0x2c;
const BRACE = 0x7d;
const ZERO = 0x30;
/** So many are exact in a double. */
const DIGITS_MAX = 15;

/** Where the scan stands. */
let place = 0;

/** @returns undefined for what is written in any other way. */
export function scanHeader(bytes: Uint8Array): NumberedHeader | undefined {
  for (const { kind, bytes: head } of HEADS) {
    place = 0;
    if (!skip(bytes, head)) continue;
    const epoch = digits(bytes);
    const n = skip(bytes, N) ? digits(bytes) : -1;
    const at = skip(bytes, AT) ? digits(bytes) : -1;
    const ends = bytes[place] === COMMA || bytes[place] === BRACE;
    return epoch >= 0 && n >= 0 && at >= 0 && ends ? { kind, epoch, n, at } : undefined;
  }
  return undefined;
}

function skip(bytes: Uint8Array, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[place + i] !== text[i]) return false;
  place += text.length;
  return true;
}

/** @returns -1 where there is no number, or a longer one. */
function digits(bytes: Uint8Array): number {
  let value = 0;
  const first = place;
  for (let digit = digitAt(bytes); digit >= 0; digit = digitAt(bytes)) {
    value = value * 10 + digit;
    place++;
  }
  const count = place - first;
  return count >= 1 && count <= DIGITS_MAX ? value : -1;
}

function digitAt(bytes: Uint8Array): number {
  const digit = (bytes[place] ?? 0) - ZERO;
  return digit <= 9 ? digit : -1;
}
