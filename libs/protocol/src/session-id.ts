/**
 * The session id: 8 characters of Crockford base32, 40 bits. It is what players type and what shards are hashed by, so every edge must normalise it in
 * the same way. Source of the alphabet and of the look-alikes: https://www.crockford.com/base32.html
 */
export const SESSION_ID_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const SESSION_ID_LENGTH = 8;
const RANDOM_BYTES = 5;

const HYPHEN = 0x2d;
const SPACE = 0x20;

/** ASCII code → canonical character. A table, and not `toUpperCase`, which turns letters outside ASCII (`ı`, `ſ`) into valid ones. */
const canonical: readonly (string | undefined)[] = (() => {
  const table = new Array<string | undefined>(128).fill(undefined);
  const put = (from: string, to: string): void => {
    table[from.charCodeAt(0)] = to;
    table[from.toLowerCase().charCodeAt(0)] = to;
  };
  for (const symbol of SESSION_ID_ALPHABET) put(symbol, symbol);
  put('O', '0');
  put('I', '1');
  put('L', '1');
  return table;
})();

/**
 * What a person typed → the canonical 8 characters, or null when it is no session id. Case, `-` and spaces do not matter, `O` reads as `0`, `I` and `L` as `1`.
 */
export function normaliseSessionId(text: string): string | null {
  let id = '';
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === HYPHEN || code === SPACE) continue;
    const symbol = canonical[code];
    if (symbol === undefined || id.length === SESSION_ID_LENGTH) return null;
    id += symbol;
  }
  return id.length === SESSION_ID_LENGTH ? id : null;
}

/** `7K3M9QRT` → `7K3M-9QRT`, the form in which people read it. Expects a normalised id. */
export function formatSessionId(sessionId: string): string {
  return `${sessionId.slice(0, 4)}-${sessionId.slice(4)}`;
}

/** 5 random bytes → a session id, 5 bits a character, most significant first. Throws RangeError for another number of bytes. */
export function sessionIdFromRandom(bytes: Uint8Array): string {
  if (bytes.length !== RANDOM_BYTES) throw new RangeError(`a session id is made of ${RANDOM_BYTES} random bytes, not ${bytes.length}`);
  let id = '';
  let held = 0;
  let heldBits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    heldBits += 8;
    while (heldBits >= 5) {
      heldBits -= 5;
      id += SESSION_ID_ALPHABET.charAt((held >>> heldBits) & 31);
    }
    held &= (1 << heldBits) - 1;
  }
  return id;
}
