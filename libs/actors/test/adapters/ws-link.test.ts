import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import type { LinkConnection, LinkHandlers } from '@ringmaster/actors';
import { acceptLinks } from '@ringmaster/actors/adapters/ws/link-acceptor';
import { WsLinkDialer } from '@ringmaster/actors/adapters/ws/link-dialer';
import { linkContract } from '../contract/link.contract.js';

type Accepted = (link: LinkConnection, attach: (handlers: LinkHandlers) => void) => void;

class LinkServer {
  readonly server: Server = createServer((_request, response) => response.end('plain http'));
  accepted: Accepted = (_link, attach) => {
    attach(silent());
  };
  stop: () => void = () => undefined;
  readonly #sockets = new Set<Socket>();

  async start(secret?: string, host = '127.0.0.1'): Promise<string> {
    this.stop = acceptLinks(this.server, {
      ...(secret !== undefined && { secret }),
      onLink: (link, attach) => {
        this.accepted(link, attach);
      },
    });
    this.server.on('connection', (socket: Socket) => this.#sockets.add(socket));
    this.server.listen(0, host);
    await once(this.server, 'listening');
    return `${host}:${String((this.server.address() as AddressInfo).port)}`;
  }

  /** As if the process ended. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }
}

function silent(): LinkHandlers {
  return { onOpen: () => undefined, onFrame: () => undefined, onClose: () => undefined };
}

/** Dials and tells how it went: 'open', or the reason why not. */
function outcome(dialer: WsLinkDialer, address: string): Promise<string> {
  return new Promise((resolve) => {
    const link = dialer.dial(address, {
      ...silent(),
      onOpen: () => {
        resolve('open');
        link.close();
      },
      onClose: resolve,
    });
  });
}

/** A port on which nobody listens: it was free a moment ago. */
async function closedAddress(): Promise<string> {
  const server = new LinkServer();
  const address = await server.start();
  await server.close();
  return address;
}

linkContract('WebSocket', async () => {
  const server = new LinkServer();
  return {
    dialer: new WsLinkDialer({ secret: 'secret' }),
    node: await server.start('secret'),
    gone: await closedAddress(),
    onLink: (accepted) => {
      server.accepted = accepted;
    },
    dispose: () => server.close(),
  };
});

describe('a node accepts links', () => {
  let server: LinkServer;

  beforeEach(() => {
    server = new LinkServer();
  });
  afterEach(() => server.close());

  test('with its secret, and no other', async () => {
    const address = await server.start('the secret');
    const shown = (secret?: string) => outcome(new WsLinkDialer(secret === undefined ? {} : { secret }), address);
    expect(await shown('the secret')).toBe('open');
    for (const wrong of ['the secres', 'the secret2', 'the', 'THE SECRET', '', undefined]) expect(await shown(wrong)).toContain('401');
  });

  test('without a secret from its own machine', async () => {
    const address = await server.start();
    expect(await outcome(new WsLinkDialer(), address)).toBe('open');
    expect(await outcome(new WsLinkDialer({ secret: 'unasked' }), address)).toBe('open');
  });

  test('without a secret from no other machine', async () => {
    const address = await server.start();
    // The address that the kernel reports decides; here it is replaced, for a test has no second machine.
    server.server.prependListener('upgrade', (incoming) => {
      Object.defineProperty(incoming.socket, 'remoteAddress', { value: '192.0.2.7' });
    });
    expect(await outcome(new WsLinkDialer(), address)).toContain('403');
  });

  test('on their path only: other upgrades and requests are for others', async () => {
    const address = await server.start();
    const seen: (string | undefined)[] = [];
    server.server.on('upgrade', (incoming, stream) => {
      if (incoming.url === '/v1/link?x=1') return;
      seen.push(incoming.url);
      stream.destroy();
    });
    for (const path of ['/v1/play/1', '/v1/link/', '/v1/linkage']) {
      const [error] = (await once(new WebSocket(`ws://${address}${path}`), 'error')) as [Error];
      expect(error.message).toContain('hang up');
    }
    expect(seen).toEqual(['/v1/play/1', '/v1/link/', '/v1/linkage']);
    const socket = new WebSocket(`ws://${address}/v1/link?x=1`);
    await once(socket, 'open');
    socket.close();
    const [response] = (await once(request(`http://${address}/v1/link`).end(), 'response')) as [{ statusCode: number }];
    expect(response.statusCode).toBe(200);
  });

  test('no more after it was told to stop; those that are open stay', async () => {
    const address = await server.start();
    const frames: string[] = [];
    const arrived = new Promise<void>((resolve) => {
      server.accepted = (_link, attach) => {
        attach({
          ...silent(),
          onFrame: (frame) => {
            frames.push(Buffer.from(frame).toString());
            resolve();
          },
        });
      };
    });
    const dialer = new WsLinkDialer();
    const opened = await new Promise<LinkConnection>((resolve) => {
      const link = dialer.dial(address, {
        ...silent(),
        onOpen: () => {
          resolve(link);
        },
      });
    });
    server.stop();
    expect(await outcome(dialer, address)).not.toBe('open');
    opened.send(Buffer.from('still here'));
    await arrived;
    expect(frames).toEqual(['still here']);
    opened.close();
  });

  test('and closes one that sends text', async () => {
    const address = await server.start();
    const socket = new WebSocket(`ws://${address}/v1/link`);
    await once(socket, 'open');
    socket.send('text');
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1003);
  });

  test('and closes one that sends a frame above the limit', async () => {
    const address = await server.start();
    const socket = new WebSocket(`ws://${address}/v1/link`);
    await once(socket, 'open');
    // The length alone decides: nothing of the payload is sent. FIN and binary; masked, 64-bit length; no mask.
    const header = Buffer.alloc(14);
    header.set([0x82, 0xff]);
    header.writeBigUInt64BE(64n * 1024n * 1024n + 1n, 2);
    const raw = (socket as unknown as { _socket: Socket })._socket;
    raw.write(header);
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1009);
  });
});

describe('a router dials', () => {
  test('a node that accepts and says nothing: it is given up', async () => {
    const server = new LinkServer();
    const address = await server.start();
    server.server.removeAllListeners('upgrade');
    server.server.on('upgrade', () => undefined);
    const started = performance.now();
    expect(await outcome(new WsLinkDialer({ handshakeTimeoutMs: 100 }), address)).toContain('handshake');
    expect(performance.now() - started).toBeLessThan(5_000);
    await server.close();
  });

  test('an address that is none', async () => {
    expect(await outcome(new WsLinkDialer(), 'no address#')).toContain('no address#');
  });

  test('a node whose process ends: the link closes', async () => {
    const server = new LinkServer();
    const address = await server.start();
    const closed = await new Promise<string>((resolve) => {
      new WsLinkDialer().dial(address, {
        ...silent(),
        onOpen: () => {
          server.cut();
        },
        onClose: resolve,
      });
    });
    expect(closed).toContain('1006');
    await server.close();
  });
});
