/**
 * Tokens of a session's host and presenter: 256 random bits each, behind the name of the session that they are for, so that one that is used for another can be
 * told from one that was never given out. Only their SHA-256 is kept.
 */
import type { Random } from '@ringmaster/actors';

const prefixes = { host: 'rmh', presenter: 'rmp' } as const;
const secretBytes = 32;

export type TokenRole = keyof typeof prefixes;

export function newToken(role: TokenRole, sessionId: string, random: Random): string {
  return `${prefixes[role]}.${sessionId}.${Buffer.from(random.bytes(secretBytes)).toString('base64url')}`;
}

/** What a token says of itself; whether it is true is for its digest to show. */
export function tokenKind(token: string): { readonly role: TokenRole; readonly sessionId: string } | undefined {
  const [, prefix, sessionId] = /^(rmh|rmp)\.([0-9A-Z]{8})\.[\w-]{43}$/.exec(token) ?? [];
  if (sessionId === undefined) return undefined;
  return { role: prefix === prefixes.host ? 'host' : 'presenter', sessionId };
}
