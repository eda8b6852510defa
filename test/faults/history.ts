/**
 * What the clients of a run sent and heard: one JSON object a line, written as it happens, read by the checker alone. `x` is the monotonic clock of the one
 * process in which all clients run, ms; so the events of different clients can be compared.
 */
import { createWriteStream, type WriteStream } from 'node:fs';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

export interface Frame {
  readonly t: string;
  readonly re?: number;
  readonly e?: string;
  readonly s?: number;
  readonly p?: number;
  readonly at?: number;
  // Fields of many messages; what is not there is undefined.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly d: any;
}

export interface DeckQuestion {
  readonly id: string;
  readonly key: string;
  readonly points: number;
  readonly limitMs: number;
}

interface Of {
  readonly x: number;
  readonly sid: string;
  /** The client: a person or a program that watches. */
  readonly c: string;
}

export type HistoryEvent =
  /** A session was made, and the host was told so. */
  | (Of & { readonly k: 'session'; readonly deck: readonly DeckQuestion[] })
  /** A connection stands. `conn` numbers the connections of a client. */
  | (Of & { readonly k: 'open'; readonly conn: number; readonly role: string; readonly router: string })
  | (Of & { readonly k: 'sent'; readonly conn: number; readonly id: number; readonly t: string; readonly d: Readonly<Record<string, unknown>> })
  /** `text` as it came, and what is in it. Hints are left out: they promise nothing. */
  | (Of & { readonly k: 'heard'; readonly conn: number; readonly text: string })
  /** `own`: the client went by itself. */
  | (Of & { readonly k: 'closed'; readonly conn: number; readonly code: number; readonly own: boolean })
  /** The run went on although this session had not come to its end everywhere. */
  | (Of & { readonly k: 'stuck'; readonly about: string })
  /** All that was to be played has been played, and every client knows the end. */
  | (Of & { readonly k: 'over' });

export interface History {
  note(event: HistoryEvent): void;
}

export class HistoryFile implements History {
  readonly #stream: WriteStream;
  #lines = 0;

  constructor(readonly path: string) {
    this.#stream = createWriteStream(path);
  }

  get lines(): number {
    return this.#lines;
  }

  note(event: HistoryEvent): void {
    this.#lines++;
    this.#stream.write(`${JSON.stringify(event)}\n`);
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve, reject) => this.#stream.once('error', reject).end(resolve));
  }
}

/** One object of each line. @throws SyntaxError for a line that is none */
export async function* readLines<T>(path: string): AsyncGenerator<T> {
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) if (line !== '') yield JSON.parse(line) as T;
}
