/** Tokens of a session: how a player proves who it is, and how the host's and presenter's tokens are checked. Nothing here is ever logged. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const TOKEN_CHARS_MAX = 256;

/** `playerId.HMAC-SHA256(sessionSecret, playerId)`: it does not change, so a lost welcome costs nothing. */
export function resumeToken(sessionSecret: string, playerId: string): string {
  return `${playerId}.${signature(sessionSecret, playerId)}`;
}

/** The player of a token that this session gave, or undefined. */
export function playerOfToken(sessionSecret: string, token: string): string | undefined {
  if (token.length > TOKEN_CHARS_MAX) return undefined;
  const dot = token.lastIndexOf('.');
  if (dot < 1) return undefined;
  const playerId = token.slice(0, dot);
  return sameText(token.slice(dot + 1), signature(sessionSecret, playerId)) ? playerId : undefined;
}

/** Whether `token` is the one whose hex SHA-256 was journaled. Constant time. */
export function isTokenOf(sha256: string, token: string | undefined): boolean {
  if (token === undefined || token === '' || token.length > TOKEN_CHARS_MAX) return false;
  return sameText(createHash('sha256').update(token).digest('hex'), sha256);
}

/** The key is the secret's text: a Buffer as key costs ten times as much. */
function signature(sessionSecret: string, playerId: string): string {
  return createHmac('sha256', sessionSecret).update(playerId).digest('base64url');
}

function sameText(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
