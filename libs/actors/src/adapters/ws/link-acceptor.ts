/** The node's side of the link: accepts routers on `/v1/link` of an HTTP server; other upgrades are left to others. */
import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type ServerOptions } from 'ws';
import type { LinkConnection, LinkHandlers } from '../../ports/link.js';
import { refusalOf } from '../http/admit.js';
import { LINK_CLOSE_TIMEOUT_MS, LINK_FRAME_BYTES_MAX, LINK_PATH, LinkSocket } from './link-socket.js';

export interface AcceptLinksOptions {
  /** LINK_SECRET. Without one, links from other machines are refused. */
  readonly secret?: string;
  /** Called for each link. No frame is read before `attach`, which calls `onOpen`, or `onClose` if it is gone by then. */
  onLink(link: LinkConnection, attach: (handlers: LinkHandlers) => void): void;
}

/** @returns stops accepting; the links that are open stay so. */
export function acceptLinks(server: Server, { secret, onLink }: AcceptLinksOptions): () => void {
  const options: ServerOptions & { closeTimeout: number } = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: LINK_FRAME_BYTES_MAX,
    closeTimeout: LINK_CLOSE_TIMEOUT_MS,
  };
  const sockets = new WebSocketServer(options);
  const onUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    if (pathOf(request) !== LINK_PATH) return;
    const status = refusalOf(request, secret);
    if (status !== undefined) {
      refuse(stream, status);
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      const link = new LinkSocket(socket);
      onLink(link, (handlers) => {
        link.attach(handlers);
      });
    });
  };
  server.on('upgrade', onUpgrade);
  return () => {
    server.off('upgrade', onUpgrade);
  };
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0]!;
}

function refuse(stream: Duplex, status: number): void {
  // The other side may be gone already.
  stream.on('error', () => undefined);
  stream.end(`HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
