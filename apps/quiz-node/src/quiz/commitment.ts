/** Proof that a key was fixed before anybody answered: HMAC-SHA256 over its RFC 8785 form, published at the preview, opened at the reveal. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { KeyValue } from './definition.js';

export const SALT_BYTES = 32;

/** The RFC 8785 form of a JSON value. Throws on what JSON cannot say: decks and values have been checked before. */
export function canonical(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return text;
}

/** Lower-case hex. `salt`: hex, 32 bytes, the HMAC's key. `key`: exactly as it will be revealed; null for a poll. */
export function commit(salt: string, key: KeyValue): string {
  return createHmac('sha256', Buffer.from(salt, 'hex')).update(canonical(key)).digest('hex');
}

/** True if a revealed salt and key open `commitment`. */
export function verifyCommitment(commitment: string, salt: string, key: KeyValue): boolean {
  const given = Buffer.from(commitment, 'hex');
  const made = Buffer.from(commit(salt, key), 'hex');
  return given.length === made.length && timingSafeEqual(given, made);
}
