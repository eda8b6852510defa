/** One WebSocket of a client: owns the socket, and writes down all that goes over it. What is done with it is the client's matter. */
import { WebSocket } from 'ws';
import type { Frame, History } from '../history.js';

/** They promise nothing, and a run has very many. */
const HINTS = new Set(['hb', 'question.progress', 'lobby.updated', 'session.stalled', 'session.unstalled', 'reconnect']);

export interface ConnectionSpec {
  readonly history: History;
  readonly sid: string;
  readonly client: string;
  readonly conn: number;
  readonly role: string;
  readonly router: string;
  /** `http://host:port` of the router. */
  readonly url: string;
}

export interface ConnectionEars {
  opened(): void;
  heard(frame: Frame): void;
  /** @param stood whether the connection ever stood */
  closed(code: number, stood: boolean): void;
}

export class Connection {
  readonly #socket: WebSocket;
  #ids = 0;
  #stood = false;
  #own = false;
  #over = false;
  heardAt = performance.now();

  constructor(
    readonly spec: ConnectionSpec,
    ears: ConnectionEars,
  ) {
    const { history, sid, client: c, conn, role, router, url } = spec;
    const of = (): { x: number; sid: string; c: string; conn: number } => ({ x: performance.now(), sid, c, conn });
    const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/play/${sid}`, 'quiz.v1.json', { perMessageDeflate: false, handshakeTimeout: 5_000, headers: {} });
    this.#socket = socket;
    socket.on('open', () => {
      this.#stood = true;
      history.note({ k: 'open', ...of(), role, router });
      ears.opened();
    });
    socket.on('message', (data: Buffer) => {
      this.heardAt = performance.now();
      const text = data.toString();
      const frame = JSON.parse(text) as Frame;
      if (!HINTS.has(frame.t)) history.note({ k: 'heard', ...of(), text });
      ears.heard(frame);
    });
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      this.#over = true;
      if (this.#stood) history.note({ k: 'closed', ...of(), code, own: this.#own });
      ears.closed(code, this.#stood);
    });
  }

  get isOpen(): boolean {
    return !this.#over && this.#socket.readyState === WebSocket.OPEN;
  }

  /** @returns the id under which it was sent; undefined where nothing can be sent */
  send(t: string, d: Readonly<Record<string, unknown>>): number | undefined {
    if (!this.isOpen) return undefined;
    const { history, sid, client: c, conn } = this.spec;
    const id = ++this.#ids;
    history.note({ k: 'sent', x: performance.now(), sid, c, conn, id, t, d });
    this.#socket.send(JSON.stringify({ t, id, d }));
    return id;
  }

  /** The network is gone, without a word. */
  drop(): void {
    this.#own = true;
    this.#socket.terminate();
  }

  leave(): void {
    this.#own = true;
    this.#socket.close(1000);
  }
}
