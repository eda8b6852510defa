/**
 * What a client may rely on, checked on every frame: it is what the catalogue says and nothing more (schemas of libs/protocol), `s` and `p` are dense and
 * never go back, every command gets exactly one reply, and a `welcome` that promises a snapshot is followed by one. Pure: no socket, no time.
 */
import { isDeepStrictEqual } from 'node:util';
import { okFrameSchema, serverFrameSchema, serverMessages, type ClientType, type ServerType, type Stream } from '@ringmaster/protocol';

export interface Frame {
  readonly t: ServerType;
  readonly re?: number;
  readonly e?: string;
  readonly s?: number;
  readonly p?: number;
  readonly at?: number;
  readonly d: Readonly<Record<string, unknown>>;
}

export interface Position {
  readonly e: string;
  readonly s: number;
  readonly p: number;
}

export class Violation extends Error {}

/** One connection's view; `position` goes on from connection to connection. */
export class StrictReader {
  private readonly pending = new Map<number, ClientType>();
  private readonly replied = new Set<number>();
  private unread = 0;
  private welcomed = false;
  private snapshotDue = false;
  private readonly at = { s: -Infinity, p: -Infinity };

  constructor(
    public position: Position | null,
    private readonly resumed: Position | null,
  ) {}

  /** A command with this id is on its way. */
  sent(id: number, t: ClientType): void {
    this.pending.set(id, t);
  }

  /** Something without a readable id is on its way: it gets an `err` without `re`. */
  sentUnreadable(): void {
    this.unread += 1;
  }

  /** Commands that have no reply yet. */
  get open(): readonly number[] {
    return [...this.pending.keys()];
  }

  /** @throws Violation */
  read(text: string): Frame {
    const frame = JSON.parse(text) as Frame;
    const no = (why: string): never => {
      throw new Violation(`${why}: ${text.slice(0, 400)}`);
    };
    if (!Object.hasOwn(serverMessages, frame.t)) no('a type that is not in the catalogue');
    const command = frame.re === undefined ? undefined : this.pending.get(frame.re);
    this.shape(frame, command, no);
    if (this.snapshotDue && frame.t !== 'snapshot') no('a welcome with resume new or snapshot is followed by a snapshot');
    if (frame.t === 'ok' || frame.t === 'err' || frame.t === 'welcome') this.reply(frame, command, no);
    else if (!this.welcomed && frame.t !== 'reconnect' && frame.t !== 'hb') no('a message before the welcome');
    if (frame.t === 'snapshot') this.snapshot(frame, no);
    else if (frame.s !== undefined || frame.p !== undefined) this.numbered(frame, no);
    return frame;
  }

  private shape(frame: Frame, command: ClientType | undefined, no: (why: string) => never): void {
    const schemas = frame.t === 'ok' && command !== undefined && command !== 'hello' ? [okFrameSchema(command)] : serverMessages[frame.t].streams.map((stream: Stream) => serverFrameSchema(frame.t, stream));
    const results = schemas.map((schema) => schema.safeParse(frame));
    const read = results.filter((result) => result.success);
    if (read.length === 0) no(`not as the catalogue says (${results.map((result) => result.error?.message ?? '').join(' | ')})`);
    // The schemas drop what they do not know: equal means that there is no undocumented field.
    if (!read.some((result) => isDeepStrictEqual(result.data, frame))) no('an undocumented field');
  }

  private reply(frame: Frame, command: ClientType | undefined, no: (why: string) => never): void {
    if (frame.re === undefined) {
      if (this.unread === 0) no('an err without re, though every frame had an id');
      this.unread -= 1;
      return;
    }
    if (command === undefined) no(this.replied.has(frame.re) ? 'a second reply' : 'a reply to a command that was never sent');
    if ((frame.t === 'welcome') !== (command === 'hello' && frame.t !== 'err')) no('welcome is the reply to hello, and to nothing else');
    this.pending.delete(frame.re);
    this.replied.add(frame.re);
    if (frame.t === 'welcome') this.welcome(frame, no);
  }

  private welcome(frame: Frame, no: (why: string) => never): void {
    const { e, s, p, resume } = frame.d as { e: string; s: number; p: number; resume: string };
    if (this.welcomed) no('a second welcome on one connection');
    this.welcomed = true;
    if (this.position && e !== this.position.e) no('another history (e)');
    if (resume === 'delta' && !isDeepStrictEqual({ e, s, p }, this.resumed)) no('a delta begins where the client said');
    if (resume !== 'delta' && this.position && (s < this.position.s || p < this.position.p)) no('a position that goes back');
    this.position = { e, s, p };
    this.snapshotDue = resume !== 'delta';
  }

  private snapshot(frame: Frame, no: (why: string) => never): void {
    const { e, s, p } = frame as Position;
    const before = this.position as Position;
    if (e !== before.e || s < before.s || p < before.p) no('a snapshot that goes back');
    if (this.snapshotDue && (s !== before.s || p !== before.p)) no('a snapshot at another position than its welcome');
    this.snapshotDue = false;
    this.position = { e, s, p };
  }

  private numbered(frame: Frame, no: (why: string) => never): void {
    const before = this.position as Position;
    if (frame.e !== before.e) no('another history (e)');
    if (frame.s !== undefined && frame.s !== before.s + 1) no(`s is not dense after ${before.s}`);
    if (frame.p !== undefined && frame.p !== before.p + 1) no(`p is not dense after ${before.p}`);
    const stream = frame.s === undefined ? 'p' : 's';
    if ((frame.at as number) < this.at[stream]) no('time that goes back');
    this.at[stream] = frame.at as number;
    this.position = { e: before.e, s: frame.s ?? before.s, p: frame.p ?? before.p };
  }
}
