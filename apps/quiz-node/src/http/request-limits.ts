/** What one HTTP request may take before it reaches a handler: for a server that somebody else has made. */
import type { Server } from 'node:http';
import type { Limits } from '@ringmaster/protocol';

/** How late a request that takes too long is noticed at most, ms. */
const LOOK_EVERY_MS = 1_000;

/** Part of node:http since 13, and not of its types: both are read for each connection, and when the server begins to listen. */
interface Settable {
  maxHeaderSize: number;
  connectionsCheckingInterval: number;
}

/** Before `listen`. Headers that are too slow or a request that is: 408; headers that are too large: 431. */
export function limitRequests(server: Server, limits: Pick<Limits, 'headersTimeoutMs' | 'headerBytesMax' | 'requestTimeoutMs'>): void {
  server.headersTimeout = limits.headersTimeoutMs;
  server.requestTimeout = limits.requestTimeoutMs;
  const settable = server as Server & Settable;
  settable.maxHeaderSize = limits.headerBytesMax;
  settable.connectionsCheckingInterval = Math.min(LOOK_EVERY_MS, Math.max(1, Math.floor(limits.headersTimeoutMs / 4)));
}
