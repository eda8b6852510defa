/**
 * The least that a fan-out can cost in Node: sockets of the library ws, one frame made once and written to each TCP socket. Nothing else is done: no sessions,
 * no numbering, no journal, no second process. Prints {"ready":true,"port":…}.
 */
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer } from 'ws';

const sockets = new Set<Socket>();
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });

function frameOf(payload: Buffer): Buffer {
  const head = payload.length < 126 ? Buffer.from([0x81, payload.length]) : Buffer.from([0x81, 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([head, payload]);
}

server.on('connection', (client, request) => {
  if (request.url === '/member') sockets.add(request.socket);
  client.on('message', (data: Buffer) => {
    const frame = frameOf(data);
    for (const socket of sockets) socket.write(frame);
  });
});
server.on('listening', () => process.stdout.write(`${JSON.stringify({ ready: true, port: (server.address() as AddressInfo).port })}\n`));
