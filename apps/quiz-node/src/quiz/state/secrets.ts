/** What keys tokens and commitments, 32 bytes each, in one string of bytes: a fifth of the memory of as many hex strings. */

const WIDTH = 32;
const HEX = /^[0-9a-f]{64}$/;

export interface Secrets {
  readonly sessionSecret: string;
  readonly hostTokenSha256: string;
  readonly presenterTokenSha256: string;
  readonly salts: readonly string[];
}

/** True for 32 bytes in lower-case hex. */
export function isSecret(text: string): boolean {
  return HEX.test(text);
}

export function packSecrets(secrets: Secrets): string {
  const all = [secrets.sessionSecret, secrets.hostTokenSha256, secrets.presenterTokenSha256, ...secrets.salts];
  return Buffer.from(all.join(''), 'hex').toString('latin1');
}

function part(packed: string, place: number): string {
  return Buffer.from(packed.slice(place * WIDTH, (place + 1) * WIDTH), 'latin1').toString('hex');
}

export function unpackSecrets(packed: string): Secrets {
  const salts: string[] = [];
  for (let i = 3; i * WIDTH < packed.length; i += 1) salts.push(part(packed, i));
  return { sessionSecret: part(packed, 0), hostTokenSha256: part(packed, 1), presenterTokenSha256: part(packed, 2), salts };
}

/** Hex; the salt of the question at `index`. */
export function saltAt(packed: string, index: number): string {
  return part(packed, index + 3);
}
