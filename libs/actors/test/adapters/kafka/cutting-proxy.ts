/** A TCP proxy before one broker that can lose the answers to produce requests: the broker has appended, and nobody hears of it. */
import { createServer, connect, type Server, type Socket } from 'node:net';
import type { Address } from '../../../src/adapters/kafka/client.js';

const PRODUCE = 0;

export class CuttingProxy {
  /** Whether the answer to the produce request of this number (from 0) is lost, and its connection with it. */
  cuts: (produce: number) => boolean = () => false;
  produced = 0;
  cut = 0;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  /** @param broker where it is; a broker that tells its clients of this proxy starts later than the proxy */
  constructor(private readonly broker: () => Address) {}

  get address(): Address {
    return { host: '127.0.0.1', port: this.#port };
  }

  async listen(): Promise<this> {
    this.#server = createServer((client) => {
      const { host, port } = this.broker();
      this.#join(client, connect(port, host));
    });
    await new Promise<void>((resolve) => this.#server?.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    this.#port = typeof address === 'object' && address !== null ? address.port : 0;
    return this;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => (this.#server ? this.#server.close(() => { resolve(); }) : resolve()));
  }

  #join(client: Socket, broker: Socket): void {
    let isDoomed = false;
    const frames = new Frames((apiKey) => {
      if (apiKey === PRODUCE && this.cuts(this.produced++)) isDoomed = true;
    });
    const end = (): void => {
      client.destroy();
      broker.destroy();
    };
    for (const socket of [client, broker]) {
      this.#sockets.add(socket);
      socket.on('error', end);
      socket.on('close', end);
    }
    client.on('data', (chunk: Buffer) => {
      frames.push(chunk);
      broker.write(chunk);
    });
    broker.on('data', (chunk: Buffer) => {
      if (isDoomed) {
        this.cut += 1;
        end();
      } else client.write(chunk);
    });
  }
}

/** Finds where requests begin: a length of four bytes, then the key of the call in two. */
class Frames {
  #head = Buffer.alloc(0);
  #skip = 0;

  constructor(private readonly began: (apiKey: number) => void) {}

  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) {
      const skipped = Math.min(this.#skip, rest.length);
      this.#skip -= skipped;
      rest = rest.subarray(skipped);
      if (rest.length === 0) return;
      this.#head = Buffer.concat([this.#head, rest]);
      if (this.#head.length < 6) return;
      this.began(this.#head.readInt16BE(4));
      rest = this.#head;
      this.#skip = 4 + rest.readInt32BE(0);
      this.#head = Buffer.alloc(0);
    }
  }
}
