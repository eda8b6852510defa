/**
 * A client's WebSocket, of the library `ws`, as the core's ClientSocket. Owns the choice between the library's `send` and a write of a frame that was made once
 * for all sockets, which costs less per socket; the latter only where the library has nothing queued and no extension would have to change the frame.
 */
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { ClientHandlers, ClientSocket, OutFrame } from '../core/client-socket.js';
import { textFrame, textFrames } from './text-frame.js';

/** The parts of `ws` 8 that are no part of its interface. Where they are missing, its `send` is used. */
interface Insides {
  readonly _socket?: Socket | null;
  readonly _sender?: { readonly _state?: number; readonly _bufferedBytes?: number };
}

/** One write of so many bytes copies them together; larger ones are handed over as they are. */
const COPY_BYTES_MAX = 16 * 1024;
const SENDER_AT_REST = 0;

/** The socket below, if frames may be written to it directly now. */
function directSocket(socket: WebSocket): Socket | null {
  const { _socket: below, _sender: sender } = socket as unknown as Insides;
  if (below == null || sender === undefined || socket.extensions !== '') return null;
  return sender._state === SENDER_AT_REST && sender._bufferedBytes === 0 ? below : null;
}

export class WsClientSocket implements ClientSocket {
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** Hands the socket's events to the core. */
  attach(handlers: ClientHandlers): void {
    const socket = this.#socket;
    socket.on('message', (data, isBinary) => handlers.onMessage(data as Buffer, isBinary));
    socket.on('pong', () => handlers.onPong());
    socket.on('close', (code) => handlers.onClose(code));
    // 'close' follows, with the code that the error stands for.
    socket.on('error', () => undefined);
  }

  send(frames: readonly OutFrame[]): void {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return;
    const below = directSocket(socket);
    if (below === null) for (const { bytes } of frames) socket.send(bytes, { binary: false });
    else writeAll(below, frames);
  }

  ping(): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }
}

function writeAll(below: Socket, frames: readonly OutFrame[]): void {
  const [only] = frames;
  if (only !== undefined && frames.length === 1) {
    below.write((only.wire ??= textFrame(only.bytes)));
    return;
  }
  if (frames.reduce((sum, { bytes }) => sum + bytes.length, 0) <= COPY_BYTES_MAX) {
    below.write(textFrames(frames.map(({ bytes }) => bytes)));
    return;
  }
  below.cork();
  for (const frame of frames) below.write((frame.wire ??= textFrame(frame.bytes)));
  below.uncork();
}
