/**
 * The door for client WebSockets: `/v1/play/{sessionId}`. Owns every refusal before a socket is a client, and the limits of the WebSocket parser. Does not own
 * what a client may do afterwards (core).
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { normaliseSessionId } from '@ringmaster/protocol';
import { WebSocketServer, type ServerOptions } from 'ws';
import type { Router } from '../core/router.js';
import type { RouterLimits } from '../core/router-limits.js';
import { originOf } from '../http/client-address.js';
import { refuseUpgrade, type Problem } from '../http/problem.js';
import { answerUnknownSession } from './unknown-session.js';
import { WsClientSocket } from './ws-client-socket.js';

export interface DoorOptions {
  readonly router: Pick<Router, 'accept' | 'admit'>;
  readonly limits: RouterLimits;
  /** Exact values of `Origin` besides the one that this request was sent to. Null: any. A request without `Origin` is no browser's and is let in. */
  readonly allowedOrigins: readonly string[] | null;
  readonly trustedProxies: number;
}

const SUBPROTOCOL = 'quiz.v1.json';
const PATH = /^\/v1\/play\/([^/]+)$/;
/** A client that does not answer the close frame is cut off after so long, ms. */
const CLOSE_TIMEOUT_MS = 3_000;

/** @returns the listener for `upgrade` of an HTTP server. */
export function openDoor({ router, limits, allowedOrigins, trustedProxies }: DoorOptions): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  const options: ServerOptions & Record<'closeTimeout' | 'maxFragments' | 'maxBufferedChunks', number> = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.frameBytesMax,
    maxFragments: limits.fragmentsMax,
    maxBufferedChunks: limits.bufferedChunksMax,
    closeTimeout: CLOSE_TIMEOUT_MS,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  };
  const sockets = new WebSocketServer(options);
  const origins = allowedOrigins === null ? null : new Set(allowedOrigins);

  return (request, socket, head) => {
    // Until it is a WebSocket nobody else listens, and the client may go at any time.
    const gone = (): void => undefined;
    socket.on('error', gone);
    const path = PATH.exec(request.url?.split('?', 1)[0] ?? '');
    const { remote, host } = originOf(request, trustedProxies);
    const problem = path === null ? NO_SUCH_PATH : (refusalOf(request, host, origins) ?? overload(router.admit(remote)));
    if (problem !== null) return refuseUpgrade(socket, problem);
    const sessionId = sessionIdOf(path?.[1] ?? '');
    sockets.handleUpgrade(request, socket, head, (client) => {
      socket.off('error', gone);
      if (sessionId === null) return answerUnknownSession(client, limits.helloWithinMs);
      const adapter = new WsClientSocket(client);
      adapter.attach(router.accept(sessionId, adapter, remote));
    });
  };
}

const NO_SUCH_PATH: Problem = { status: 404, kind: '404', detail: 'WebSockets are at /v1/play/{sessionId}' };

function refusalOf(request: IncomingMessage, host: string, origins: ReadonlySet<string> | null): Problem | null {
  const offered = request.headers['sec-websocket-protocol'];
  if (offered !== undefined && !offered.split(',').some((name) => name.trim() === SUBPROTOCOL)) {
    return { status: 400, kind: 'subprotocol', detail: `the subprotocol is ${SUBPROTOCOL}` };
  }
  const { origin } = request.headers;
  if (origin !== undefined && origins !== null && !origins.has(origin) && !isOwn(origin, host)) return { status: 403, kind: 'origin', detail: 'pages of this origin may not connect' };
  return null;
}

/** The page came from where its socket goes. Without regard to the scheme: TLS may end in front of us. */
function isOwn(origin: string, host: string): boolean {
  return /^https?:\/\//.test(origin) && origin.slice(origin.indexOf('//') + 2) === host;
}

function overload(refusal: ReturnType<Router['admit']>): Problem | null {
  if (refusal === null) return null;
  const detail = refusal.reason === 'address' ? 'too many connections from this address' : 'no room for new connections at the moment';
  return { status: 503, kind: refusal.reason === 'address' ? 'too-many-connections' : 'overload', detail, retryAfterS: refusal.retryAfterS };
}

function sessionIdOf(part: string): string | null {
  try {
    return normaliseSessionId(decodeURIComponent(part));
  } catch {
    return null;
  }
}
