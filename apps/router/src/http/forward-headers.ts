/** Which headers go on to the other side of a proxy (RFC 9110, section 7.6.1). */
import type { IncomingHttpHeaders } from 'node:http';
import type { Origin } from './client-address.js';

/** Names the owner of what a node was asked for and does not own; empty when that node knows of none. */
export const OWNER_HEADER = 'x-ringmaster-owner';

const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'];
const OURS = ['expect', 'forwarded', 'host', OWNER_HEADER, 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'];

function kept(headers: IncomingHttpHeaders, dropped: readonly string[]): Record<string, string | string[]> {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const out = new Set([...HOP_BY_HOP, ...dropped, ...named]);
  const entries = Object.entries(headers).filter((entry): entry is [string, string | string[]] => entry[1] !== undefined && !out.has(entry[0]));
  return Object.fromEntries(entries);
}

/** A request's headers for the node; the length is set anew where the body is held. */
export function requestHeaders(headers: IncomingHttpHeaders, origin: Origin, held: boolean): Record<string, string | string[]> {
  return {
    ...kept(headers, held ? [...OURS, 'content-length'] : OURS),
    'x-forwarded-for': origin.forwardedFor,
    'x-forwarded-proto': origin.proto,
    'x-forwarded-host': origin.host,
  };
}

/** An answer's headers for the client. */
export function responseHeaders(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  return kept(headers, [OWNER_HEADER]);
}
