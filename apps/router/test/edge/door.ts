/** The real door on a loopback port, with a core behind it that only writes down what comes. */
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { WebSocket, type ClientOptions } from 'ws';
import type { ClientHandlers, ClientSocket } from '../../src/core/client-socket.js';
import { defaultRouterLimits, type RouterLimits } from '../../src/core/router-limits.js';
import type { Refusal } from '../../src/core/admission.js';
import { openDoor, type DoorOptions } from '../../src/edge/upgrade.js';

export interface Guest {
  readonly sessionId: string;
  readonly remote: string;
  readonly socket: ClientSocket;
  readonly messages: { readonly text: string; readonly isBinary: boolean }[];
  pongs: number;
  closed: number | null;
}

export class Door {
  readonly guests: Guest[] = [];
  refusal: Refusal | null = null;
  asked: string[] = [];
  readonly #server: Server;
  readonly #waiting = new Set<() => void>();
  readonly #sockets: WebSocket[] = [];
  readonly #raw: Socket[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(options: Partial<DoorOptions> = {}, limits: Partial<RouterLimits> = {}): Promise<Door> {
    const server = createServer((_request, response) => response.end());
    const door = new Door(server);
    const router = {
      admit: (remote: string): Refusal | null => {
        door.asked.push(remote);
        return door.refusal;
      },
      accept: (sessionId: string, socket: ClientSocket, remote: string): ClientHandlers => door.#accept(sessionId, socket, remote),
    };
    server.on('upgrade', openDoor({ router, limits: { ...defaultRouterLimits, ...limits }, allowedOrigins: [], trustedProxies: 0, ...options }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return door;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Waits until `condition` holds; it is looked at after everything that happens. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  /** A client's socket, whose events move `until` as well. */
  dial(path: string, options: ClientOptions = {}, protocols: string[] = ['quiz.v1.json']): Caller {
    const socket = new WebSocket(`ws://127.0.0.1:${this.port}${path}`, protocols, options);
    this.#sockets.push(socket);
    return new Caller(socket, () => this.moved());
  }

  /** A TCP connection that says what the test wants. */
  raw(head: string): { readonly socket: Socket; text(): string; ended(): boolean } {
    const socket = connect(this.port, '127.0.0.1', () => socket.write(head));
    this.#raw.push(socket);
    let text = '';
    let ended = false;
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      this.moved();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      ended = true;
      this.moved();
    });
    return { socket, text: () => text, ended: () => ended };
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.terminate();
    for (const socket of this.#raw) socket.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  moved(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }

  #accept(sessionId: string, socket: ClientSocket, remote: string): ClientHandlers {
    const guest: Guest = { sessionId, remote, socket, messages: [], pongs: 0, closed: null };
    this.guests.push(guest);
    this.moved();
    return {
      onMessage: (bytes, isBinary) => {
        guest.messages.push({ text: new TextDecoder().decode(bytes), isBinary });
        this.moved();
      },
      onPong: () => {
        guest.pongs++;
        this.moved();
      },
      onClose: (code) => {
        guest.closed = code;
        this.moved();
      },
    };
  }
}

export class Caller {
  readonly socket: WebSocket;
  readonly got: string[] = [];
  status: number | null = null;
  headers: Readonly<Record<string, unknown>> = {};
  opened = false;
  closed: number | null = null;

  constructor(socket: WebSocket, moved: () => void) {
    this.socket = socket;
    socket.on('open', () => {
      this.opened = true;
      moved();
    });
    socket.on('message', (data) => {
      this.got.push(String(data));
      moved();
    });
    socket.on('unexpected-response', (_request, response) => {
      this.status = response.statusCode ?? null;
      this.headers = response.headers;
      response.resume();
      moved();
    });
    socket.on('error', moved);
    socket.on('close', (code) => {
      this.closed = code;
      moved();
    });
  }
}
