/** Short fingerprints of strings, for finding and not for keeping secrets. */

export interface Print {
  readonly low: number;
  readonly high: number;
}

/** 64 bits of `text` in two signed halves: two multiplicative lanes over UTF-16 units, mixed with each other at the end (as in murmur's finaliser). */
export function print64(text: string): Print {
  let a = 0xdeadbeef | 0;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    b = Math.imul(b ^ unit, 0x5f356495);
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return { low: a, high: b };
}

/** 32 bits of `text`, signed. */
export function print32(text: string): number {
  let h = 0x41c6ce57;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x5f356495);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  return h ^ (h >>> 13);
}
