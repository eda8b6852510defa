/** One client connection over a bare TCP socket. Owns the socket and the upgrade; answers pings, knows nothing of what the messages say. */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { clientFrame, FrameReader, opcode } from './frames.js';

const END_OF_HEAD = '\r\n\r\n';

export class WireSocket {
  /** What was received in text frames; set before the first arrives. The payload is valid during the call. */
  onText: (payload: Buffer) => void = () => undefined;
  onClose: (code: number) => void = () => undefined;
  #closed = false;

  private constructor(private readonly socket: Socket) {}

  /** Resolves when the server has agreed to the upgrade. @throws with what it said in place of that. */
  static open(port: number, path: string, protocol?: string): Promise<WireSocket> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      const wire = new WireSocket(socket);
      const headers = [
        `GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, 'Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
        'Sec-WebSocket-Version: 13', ...(protocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${protocol}`]),
      ];
      socket.write(headers.join('\r\n') + END_OF_HEAD);
      let head = Buffer.alloc(0);
      const onHead = (chunk: Buffer): void => {
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf(END_OF_HEAD);
        if (end < 0) return;
        socket.off('data', onHead);
        if (!head.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101'))) return reject(new Error(`upgrade refused: ${head.subarray(0, 200).toString()}`));
        resolve(wire);
        // The first frames may have come with the head: whoever awaits this sets its handlers first.
        const rest = head.subarray(end + END_OF_HEAD.length);
        queueMicrotask(() => wire.#read(rest));
      };
      socket.on('data', onHead);
      socket.once('error', reject);
      socket.once('close', () => {
        reject(new Error('the socket closed before the upgrade'));
        wire.#end(1006);
      });
    });
  }

  /** A frame made by `clientFrame`. */
  write(frame: Buffer): void {
    this.socket.write(frame);
  }

  say(text: string): void {
    this.socket.write(clientFrame(text));
  }

  destroy(): void {
    this.#closed = true;
    this.socket.destroy();
  }

  #read(rest: Buffer): void {
    const reader = new FrameReader((code, payload) => this.#frame(code, payload));
    this.socket.on('data', (chunk: Buffer) => reader.push(chunk));
    this.socket.on('error', () => undefined);
    if (rest.length > 0) reader.push(rest);
  }

  #frame(code: number, payload: Buffer): void {
    if (code === opcode.text) this.onText(payload);
    else if (code === opcode.ping) this.socket.write(clientFrame(payload, opcode.pong));
    else if (code === opcode.close) this.#end(payload.length >= 2 ? payload.readUInt16BE(0) : 1005);
  }

  #end(code: number): void {
    if (this.#closed) return;
    this.#closed = true;
    this.onClose(code);
  }
}
