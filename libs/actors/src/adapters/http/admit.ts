/** Who may come in between the programs of a cluster: those who show LINK_SECRET, or, where there is none, this machine. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** @returns the HTTP status of the refusal, or undefined. */
export function refusalOf(request: IncomingMessage, secret: string | undefined): 401 | 403 | undefined {
  if (secret === undefined) return isLoopback(request.socket.remoteAddress) ? undefined : 403;
  return sameText(request.headers.authorization ?? '', credentials(secret).authorization) ? undefined : 401;
}

/** The headers that show it. */
export function credentials(secret: string): { readonly authorization: string } {
  return { authorization: `Bearer ${secret}` };
}

/** In constant time, whatever the lengths. */
function sameText(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
