/**
 * A TCP proxy that can be told to misbehave. Owns the connections that pass through it and what is held of them; knows no protocol but how to tell who
 * a connection belongs to, from its first bytes. Order of bytes is kept in every weather: as TCP would, it is late, or breaks.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { connect } from 'node:net';
import type { Chance } from '../chance.js';

/** How bad it is. Every field absent: bytes pass. */
export interface Weather {
  /** Bytes in these directions are held back until the weather changes; connections stand. */
  readonly hold?: 'toServer' | 'toClient' | 'both';
  /** Each piece of an answer, ms late. */
  readonly delayMs?: number;
  /** Probability with which a connection breaks at the moment of an answer: the server has done what it was asked, and nobody hears. */
  readonly loseAnswer?: number;
  /** New connections are refused. */
  readonly refuse?: boolean;
}

const CALM: Weather = {};
/** Enough to know a client by. */
const HEAD_BYTES_MAX = 512;
/** Held bytes of one connection and direction; above, the sender has to wait. */
const HELD_BYTES_MAX = 4 * 1024 * 1024;

export interface ProxyOptions {
  /** Port on 127.0.0.1 behind the proxy; undefined: nobody is there yet. */
  readonly upstream: () => number | undefined;
  /** Who speaks, from the first bytes of a connection; undefined: not to be seen. */
  readonly speaker?: (head: Buffer) => string | undefined;
  readonly chance: Chance;
}

export class FaultyProxy {
  readonly #server: Server;
  readonly #lines = new Set<Line>();
  readonly #weather = new Map<string, Weather>();
  #port = 0;
  /** Answers that were lost after what they answer had been done. */
  lost = 0;

  constructor(private readonly options: ProxyOptions) {
    this.#server = createServer({ allowHalfOpen: false, noDelay: true }, (client) => this.#accept(client));
  }

  get port(): number {
    return this.#port;
  }

  /** @returns the port */
  async listen(): Promise<number> {
    await new Promise<void>((resolve, reject) => this.#server.once('error', reject).listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    this.#port = typeof address === 'object' && address !== null ? address.port : 0;
    return this.#port;
  }

  /** From now on, for connections of `speaker`, or of all for whom nothing else is said. */
  set(weather: Weather, speaker = '*'): void {
    if (weather === CALM || Object.keys(weather).length === 0) this.#weather.delete(speaker);
    else this.#weather.set(speaker, weather);
    for (const line of this.#lines) line.changed();
  }

  calm(speaker = '*'): void {
    this.set(CALM, speaker);
  }

  /** Breaks the present connections of `speaker`, or all. */
  reset(speaker?: string): void {
    for (const line of [...this.#lines]) if (speaker === undefined || line.speaker === speaker) line.break();
  }

  close(): void {
    this.#server.close();
    this.reset();
  }

  #accept(client: Socket): void {
    const port = this.options.upstream();
    if (port === undefined || this.#of(undefined).refuse === true) return void client.resetAndDestroy();
    const line = new Line(client, connect({ port, host: '127.0.0.1', noDelay: true }), {
      weather: (speaker) => this.#of(speaker),
      speaker: this.options.speaker ?? (() => undefined),
      chance: this.options.chance,
      lost: () => {
        this.lost++;
      },
      gone: () => this.#lines.delete(line),
    });
    this.#lines.add(line);
  }

  #of(speaker: string | undefined): Weather {
    return (speaker === undefined ? undefined : this.#weather.get(speaker)) ?? this.#weather.get('*') ?? CALM;
  }
}

interface LineDeps {
  weather(speaker: string | undefined): Weather;
  speaker(head: Buffer): string | undefined;
  readonly chance: Chance;
  lost(): void;
  gone(): void;
}

/** One connection: a pair of sockets. */
class Line {
  speaker: string | undefined;
  #head: Buffer | undefined = Buffer.alloc(0);
  readonly #toServer: Flow;
  readonly #toClient: Flow;
  #broken = false;

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly deps: LineDeps,
  ) {
    this.#toServer = new Flow(client, server);
    this.#toClient = new Flow(server, client);
    client.on('data', (bytes: Buffer) => {
      this.#listen(bytes);
      this.#toServer.take(bytes, this.#held('toServer'), 0);
    });
    server.on('data', (bytes: Buffer) => {
      const { loseAnswer = 0, delayMs = 0 } = this.deps.weather(this.speaker);
      if (loseAnswer > 0 && this.deps.chance.odds(loseAnswer)) {
        this.deps.lost();
        return this.break();
      }
      this.#toClient.take(bytes, this.#held('toClient'), delayMs);
    });
    for (const socket of [client, server]) {
      socket.on('error', () => this.break());
      socket.on('close', () => this.break());
    }
  }

  changed(): void {
    if (!this.#held('toServer')) this.#toServer.letGo();
    if (!this.#held('toClient')) this.#toClient.letGo();
  }

  break(): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#toServer.end();
    this.#toClient.end();
    this.client.resetAndDestroy();
    this.server.resetAndDestroy();
    this.deps.gone();
  }

  #held(direction: 'toServer' | 'toClient'): boolean {
    const { hold } = this.deps.weather(this.speaker);
    return hold === direction || hold === 'both';
  }

  #listen(bytes: Buffer): void {
    if (this.#head === undefined) return;
    this.#head = Buffer.concat([this.#head, bytes]);
    this.speaker = this.deps.speaker(this.#head);
    if (this.speaker !== undefined || this.#head.length > HEAD_BYTES_MAX) this.#head = undefined;
  }
}

/** One direction: what came in, and has not gone out. */
class Flow {
  readonly #queue: { readonly bytes: Buffer; readonly dueAt: number }[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #isHeld = false;
  #ended = false;

  constructor(
    private readonly from: Socket,
    private readonly to: Socket,
  ) {
    to.on('drain', () => this.from.resume());
  }

  take(bytes: Buffer, isHeld: boolean, delayMs: number): void {
    this.#isHeld = isHeld;
    this.#queue.push({ bytes, dueAt: performance.now() + delayMs });
    this.#bytes += bytes.length;
    if (this.#bytes > HELD_BYTES_MAX) this.from.pause();
    this.#run();
  }

  letGo(): void {
    this.#isHeld = false;
    this.#run();
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  #run(): void {
    clearTimeout(this.#timer);
    while (!this.#isHeld && !this.#ended) {
      const first = this.#queue[0];
      if (first === undefined) return;
      const wait = first.dueAt - performance.now();
      if (wait > 0) {
        this.#timer = setTimeout(() => this.#run(), wait);
        return;
      }
      this.#queue.shift();
      this.#bytes -= first.bytes.length;
      if (!this.to.write(first.bytes)) this.from.pause();
      else this.from.resume();
    }
  }
}

/** Requests of Kafka's protocol begin with length, API, version and correlation id, then the name of the client. */
export function kafkaSpeaker(head: Buffer): string | undefined {
  const at = 12;
  if (head.length < at + 2) return undefined;
  const length = head.readInt16BE(at);
  return length > 0 && head.length >= at + 2 + length ? head.toString('utf8', at + 2, at + 2 + length) : undefined;
}
