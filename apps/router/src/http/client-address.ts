/** Who a request comes from, when some number of proxies in front are trusted to say so. */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

export interface Origin {
  /** The client's address, for limits and logs. */
  readonly remote: string;
  readonly proto: string;
  readonly host: string;
  /** The whole way so far, for the next hop. */
  readonly forwardedFor: string;
}

const listOf = (header: string | readonly string[] | undefined): string[] =>
  (typeof header === 'string' ? header : (header ?? []).join(','))
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/**
 * With n trusted proxies the client is the n-th address from the right of `X-Forwarded-For`, each of them having added the one that it saw; with none the header
 * is whatever the client liked to write, and is dropped.
 */
export function originOf(request: IncomingMessage, trustedProxies: number): Origin {
  const peer = request.socket.remoteAddress ?? '';
  const encrypted = 'encrypted' in request.socket;
  const direct = { proto: encrypted ? 'https' : 'http', host: request.headers.host ?? '' };
  if (trustedProxies === 0) return { remote: peer, ...direct, forwardedFor: peer };
  const seen = listOf(request.headers['x-forwarded-for']);
  const trusted = seen.slice(-trustedProxies);
  const claimed = trusted[0] ?? peer;
  return {
    remote: isIP(claimed) === 0 ? peer : claimed,
    proto: listOf(request.headers['x-forwarded-proto']).at(-1) ?? direct.proto,
    host: listOf(request.headers['x-forwarded-host']).at(-1) ?? direct.host,
    forwardedFor: [...trusted, peer].join(', '),
  };
}
