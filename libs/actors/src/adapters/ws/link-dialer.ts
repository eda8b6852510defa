/** The router's side of the link: WebSockets to nodes. Who is dialled, where, and when again, is the router's matter. */
import { WebSocket, type ClientOptions } from 'ws';
import type { LinkConnection, LinkDialer, LinkHandlers } from '../../ports/link.js';
import { credentials } from '../http/admit.js';
import { LINK_CLOSE_TIMEOUT_MS, LINK_FRAME_BYTES_MAX, LINK_PATH, LinkSocket } from './link-socket.js';

export interface WsLinkDialerOptions {
  /** LINK_SECRET. Nodes without one accept links from their own machine only. */
  readonly secret?: string;
  /** For connecting and the upgrade together, ms. */
  readonly handshakeTimeoutMs?: number;
}

const HANDSHAKE_TIMEOUT_MS = 3_000;

export class WsLinkDialer implements LinkDialer {
  readonly #options: WsLinkDialerOptions;

  constructor(options: WsLinkDialerOptions = {}) {
    this.#options = options;
  }

  dial(address: string, handlers: LinkHandlers): LinkConnection {
    const { secret, handshakeTimeoutMs = HANDSHAKE_TIMEOUT_MS } = this.#options;
    const options: ClientOptions & { closeTimeout: number } = {
      headers: secret === undefined ? {} : credentials(secret),
      handshakeTimeout: handshakeTimeoutMs,
      closeTimeout: LINK_CLOSE_TIMEOUT_MS,
      perMessageDeflate: false,
      followRedirects: false,
      maxPayload: LINK_FRAME_BYTES_MAX,
      // The mask guards proxies against bytes that a web page chose (RFC 6455, 10.3). Here both ends are ours, and a
      // mask of zeros spares a copy and a pass over every byte on both sides.
      generateMask: (mask) => {
        mask.fill(0);
      },
    };
    let socket: WebSocket;
    try {
      socket = new WebSocket(`ws://${address}${LINK_PATH}`, options);
    } catch (error) {
      return refused(`the address ${address} cannot be dialled: ${String(error)}`, handlers);
    }
    const link = new LinkSocket(socket);
    link.attach(handlers);
    return link;
  }
}

/** As a connection that did not come about: `onClose` follows, never from within `dial`. */
function refused(reason: string, handlers: LinkHandlers): LinkConnection {
  queueMicrotask(() => {
    handlers.onClose(reason);
  });
  return { send: () => undefined, bufferedBytes: () => 0, close: () => undefined };
}
