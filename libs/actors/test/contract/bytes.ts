/** Bytes of a text, and back, so that a failing test shows words. */
export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function text(value: Uint8Array | undefined): string | undefined {
  return value === undefined ? undefined : new TextDecoder().decode(value);
}

/** Bytes of which every position differs from its neighbours; another `seed` gives other ones. */
export function noise(length: number, seed: number): Uint8Array {
  const value = new Uint8Array(length);
  let state = seed + 1;
  for (let i = 0; i < length; i += 1) {
    // xorshift32: https://www.jstatsoft.org/article/view/v008i14
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    value[i] = state & 0xff;
  }
  return value;
}

/** Compared as a whole: an expectation per byte would take seconds for megabytes. */
export function sameBytes(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && Buffer.compare(a, b) === 0;
}
