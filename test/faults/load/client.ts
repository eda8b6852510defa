/**
 * A client that stays while its sockets come and go: backs off with full jitter, resumes with its token and position, gives up on a router that says nothing.
 * Owns its connections, of which the newest counts. Players and watchers are made of it.
 */
import type { Chance } from '../chance.js';
import type { Frame, History } from '../history.js';
import { Connection } from './connection.js';

export interface Router {
  readonly name: string;
  readonly url: string;
}

export interface ClientSpec {
  readonly history: History;
  readonly sid: string;
  readonly name: string;
  readonly role: 'player' | 'presenter' | 'spectator';
  readonly token?: string;
  readonly chance: Chance;
  /** Where it goes next. */
  readonly router: () => Router | undefined;
}

export interface ClientEars {
  welcomed(d: Frame['d']): void;
  heard(frame: Frame): void;
  /** Whether it waits for an answer: who says nothing then is left. */
  waits(): boolean;
}

const SILENCE_MS_MAX = 8_000;
const LOOK_EVERY_MS = 1_000;
const BACKOFF = { minMs: 250, maxMs: 4_000 };

export class Client {
  /** It knows that the session is over. */
  isFinished = false;
  /** It was told to stop, and must not come back. */
  stoppedWith: number | undefined;
  #newest: Connection | undefined;
  /** The newest one, once it is welcome. */
  #welcome: Connection | undefined;
  readonly #all = new Set<Connection>();
  #conns = 0;
  #attempts = 0;
  #ended = false;
  #resumeToken: string | undefined;
  #position: { e: string; s: number; p: number } | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #look: NodeJS.Timeout;

  constructor(
    readonly spec: ClientSpec,
    private readonly ears: ClientEars,
  ) {
    this.#look = setInterval(() => {
      const silence = performance.now() - (this.#newest?.heardAt ?? Infinity);
      if (silence > SILENCE_MS_MAX && this.ears.waits()) this.#newest?.drop();
    }, LOOK_EVERY_MS);
  }

  /** Opens a connection; an older one stays until it is superseded. */
  connect(): void {
    if (this.#ended) return;
    const { history, sid, name, role } = this.spec;
    const to = this.spec.router();
    // For a moment there may be none: who is drained is gone before the next one serves.
    if (to === undefined) return this.#later();
    const { name: router, url } = to;
    const connection = new Connection({ history, sid, client: name, conn: ++this.#conns, role, router, url }, {
      opened: () => this.#hello(connection),
      heard: (frame) => this.#heard(connection, frame),
      closed: (code) => this.#closed(connection, code),
    });
    this.#newest = connection;
    this.#all.add(connection);
  }

  /** @returns the id under which it was sent, or undefined when nobody is there to take it */
  send(t: string, d: Readonly<Record<string, unknown>>): number | undefined {
    return this.#welcome === this.#newest ? this.#newest?.send(t, d) : undefined;
  }

  drop(): void {
    this.#newest?.drop();
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    clearInterval(this.#look);
    for (const connection of this.#all) connection.leave();
  }

  #hello(connection: Connection): void {
    const { role, name, token } = this.spec;
    const resume = role === 'player' && this.#resumeToken !== undefined && this.#position !== undefined ? { resume: { token: this.#resumeToken, ...this.#position } } : {};
    const who = role === 'player' ? { nickname: name, joinId: `join-${name}` } : token === undefined ? {} : { token };
    connection.send('hello', { role, ...who, ...resume });
  }

  #heard(connection: Connection, frame: Frame): void {
    if (connection !== this.#newest) return;
    const { t, d } = frame;
    if (this.#position !== undefined) {
      if (frame.s !== undefined) this.#position.s = frame.s;
      if (frame.p !== undefined) this.#position.p = frame.p;
    }
    if (t === 'welcome') {
      this.#attempts = 0;
      this.#welcome = connection;
      this.#resumeToken = d.resumeToken;
      this.#position = { e: d.e, s: d.s, p: d.p };
      this.ears.welcomed(d);
    } else if (t === 'snapshot') {
      this.#position = { e: frame.e ?? '', s: frame.s ?? 0, p: frame.p ?? 0 };
    }
    if (t === 'session.finished' || t === 'session.cancelled' || (t === 'snapshot' && (d.phase === 'finished' || d.phase === 'cancelled'))) this.isFinished = true;
    this.ears.heard(frame);
  }

  #closed(connection: Connection, code: number): void {
    this.#all.delete(connection);
    if (connection !== this.#newest || this.#ended) return;
    if (code === 4006) this.#resumeToken = undefined;
    if (code >= 4500) {
      this.stoppedWith = code;
      return;
    }
    this.#later();
  }

  #later(): void {
    this.#attempts++;
    clearTimeout(this.#timer);
    const maxMs = Math.min(BACKOFF.maxMs, BACKOFF.minMs * 2 ** this.#attempts);
    this.#timer = setTimeout(() => this.connect(), this.spec.chance.fraction() * maxMs);
  }
}
