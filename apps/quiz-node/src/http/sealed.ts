/** Text that only who knows a secret can read again: AES-256-GCM under a key derived from it (HKDF, RFC 5869). Base64 of nonce, tag and cipher text. */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import type { Random } from '@ringmaster/actors';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

const keyOf = (secret: string, place: string): Buffer => Buffer.from(hkdfSync('sha256', secret, place, 'ringmaster sealed answer', 32));

/** @param place where it lies: what is moved elsewhere does not open. */
export function sealWith(secret: string, place: string, text: string, random: Random): string {
  const nonce = random.bytes(nonceBytes);
  const cipher = createCipheriv(algorithm, keyOf(secret, place), nonce);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
}

/** @throws Error when secret or place is another, or the text was changed */
export function openSealed(secret: string, place: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv(algorithm, keyOf(secret, place), bytes.subarray(0, nonceBytes));
  decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]).toString('utf8');
}
