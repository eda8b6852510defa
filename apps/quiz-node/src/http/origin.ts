/** Where a client has reached us, by what it or the router in front says; for the URLs in answers only. */
import type { Request } from 'express';

const hostPattern = /^[\w.-]+(?::\d{1,5})?$|^\[[0-9a-fA-F:.]+\](?::\d{1,5})?$/;

function first(header: string | readonly string[] | undefined): string | undefined {
  return (typeof header === 'string' ? header : header?.[0])?.split(',')[0]?.trim();
}

export function originOf({ headers, socket }: Pick<Request, 'headers' | 'socket'>): string {
  const proto = first(headers['x-forwarded-proto']) === 'https' ? 'https' : 'http';
  const host = first(headers['x-forwarded-host']) || headers.host || '';
  return `${proto}://${hostPattern.test(host) ? host : `localhost:${socket.localPort ?? 80}`}`;
}
