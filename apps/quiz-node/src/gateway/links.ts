/** The socket edge of a node: routers come in on /v1/link of the HTTP server; every other upgrade is refused here, since clients connect to routers. */
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { LinkConnection, LinkHandlers } from '@ringmaster/actors';
import type { SessionEdge } from '../session/session-edge.js';

const LINK_PATH = '/v1/link';

/** Lets links in on /v1/link and leaves other upgrades to others. @returns stops accepting. */
export type AcceptLinks = (
  server: Server,
  options: { readonly secret?: string; onLink(link: LinkConnection, attach: (handlers: LinkHandlers) => void): void },
) => () => void;

export interface LinksOptions {
  /** The transport's half. */
  readonly accept: AcceptLinks;
  readonly secret: string | undefined;
}

/** @returns stops accepting; links that are up stay up. */
export function acceptRouters(server: Server, edge: Pick<SessionEdge, 'accept'>, { accept, secret }: LinksOptions): () => void {
  const stop = accept(server, {
    ...(secret === undefined ? {} : { secret }),
    onLink: (link, attach) => attach(edge.accept(link)),
  });
  const refuseOthers = (request: { readonly url?: string | undefined }, socket: Duplex): void => {
    if ((request.url ?? '').split('?', 1)[0] === LINK_PATH) return;
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  };
  server.on('upgrade', refuseOthers);
  return () => {
    stop();
    server.off('upgrade', refuseOthers);
  };
}
