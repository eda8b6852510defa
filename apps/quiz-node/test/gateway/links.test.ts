import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { LinkConnection, LinkHandlers } from '@ringmaster/actors';
import { acceptLinks } from '@ringmaster/actors/adapters/ws/link-acceptor';
import { WsLinkDialer } from '@ringmaster/actors/adapters/ws/link-dialer';
import { acceptRouters } from '../../src/gateway/links.js';

const SECRET = 'a-secret-of-some-length';
let server: Server;
let port: number;
let frames: Uint8Array[];
let stop: () => void;

beforeEach(async () => {
  frames = [];
  server = createServer();
  const edge = {
    accept: (link: LinkConnection): LinkHandlers => ({ onOpen: () => link.send(Buffer.from('hi')), onFrame: (frame) => frames.push(frame), onClose: () => undefined }),
  };
  stop = acceptRouters(server, edge, { accept: acceptLinks, secret: SECRET });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterEach(async () => {
  stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const dial = (secret: string): Promise<string> =>
  new Promise((resolve) => {
    const link = new WsLinkDialer({ secret }).dial(`127.0.0.1:${port}`, {
      onOpen: () => undefined,
      onFrame: (frame) => {
        link.close();
        resolve(Buffer.from(frame).toString());
      },
      onClose: resolve,
    });
  });

test('a router with the secret is let in', async () => {
  expect(await dial(SECRET)).toBe('hi');
});

test('one without is not', async () => {
  expect(await dial('another-secret-of-that-length')).toContain('401');
});

test('clients who knock here are sent away at once', async () => {
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('GET /v1/play/7K3M9QRT HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n');
    });
    socket.once('data', (data) => resolve(data.toString()));
  });
  expect(answer).toMatch(/^HTTP\/1\.1 404 /);
});
