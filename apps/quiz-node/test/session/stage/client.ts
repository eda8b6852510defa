/** One client connection at the test's router, with what it was sent. */
import { dataFlag, type BindRecord, type BroadcastRecord, type NodeClose, type NodeData, type NotOwnerRecord, type OpenRecord, type Role } from '@ringmaster/protocol';
import type { StageRouter } from './router.js';

export interface Message {
  readonly t: string;
  readonly re?: number;
  readonly s?: number;
  readonly p?: number;
  readonly d: Readonly<Record<string, unknown>>;
}

interface Kept {
  readonly k: number;
  readonly recvAt: number;
  readonly flags: number;
  readonly bytes: Uint8Array;
}

export class StageClient {
  /** All that was written to the socket, in order. */
  readonly got: Message[] = [];
  closeCode: number | null = null;
  role: Role | null = null;
  bind: Uint8Array | null = null;
  s = 0;
  p = 0;
  rtt: { minMs: number; samples: number } | null = null;
  flowing = false;
  notOwner: NotOwnerRecord | null = null;
  #kept: Kept[] = [];
  #k = 0;
  #done = 0;
  #id = 0;

  constructor(
    private readonly router: StageRouter,
    readonly conn: number,
  ) {}

  /** Sends a command; `recvAt`: when the router is to have received it, session ms. @returns its id. */
  say(t: string, d?: object, options: { recvAt?: number; flags?: number; raw?: string } = {}): number {
    const id = ++this.#id;
    const bytes = Buffer.from(options.raw ?? JSON.stringify({ t, id, ...(d === undefined ? {} : { d }) }));
    const frame: Kept = { k: ++this.#k, recvAt: options.recvAt ?? this.router.now(), flags: options.flags ?? 0, bytes };
    this.#kept.push(frame);
    if (this.flowing) this.#send(frame);
    return id;
  }

  raw(text: string, flags = 0): void {
    this.say('', undefined, { raw: text, flags });
  }

  binary(): void {
    this.raw('{}', dataFlag.binaryFrame);
  }

  /** The reply to a command. */
  replyTo(id: number): Message | undefined {
    return this.got.find(({ re }) => re === id);
  }

  types(): string[] {
    return this.got.map(({ t, d }) => (t === 'err' ? `err ${String(d['code'])}` : t));
  }

  last(t: string): Message | undefined {
    return this.got.findLast((message) => message.t === t);
  }

  get keptCount(): number {
    return this.#kept.length;
  }

  /** The client's socket closes. */
  hangUp(): void {
    this.router.send({ r: 'close', conn: this.conn, code: 1006 });
    this.router.clients.delete(this.conn);
  }

  measured(minMs: number, samples: number): void {
    this.rtt = { minMs, samples };
    this.router.send({ r: 'rtt', conn: this.conn, minMs, samples });
  }

  openRecord(): OpenRecord {
    return {
      r: 'open', conn: this.conn, connId: `conn.${this.conn}`, sessionId: this.router.sessionId, remote: '127.0.0.1', ownerOffset: this.router.lastOwner.offset, ownerEpoch: this.router.lastOwner.epoch, ownerSeenAt: this.router.lastOwner.seenAt, hops: 0,
      ...(this.bind === null ? {} : { bind: this.bind, s: this.s, p: this.p }),
      ...(this.rtt === null ? {} : { rttMinMs: this.rtt.minMs, rttSamples: this.rtt.samples }),
    };
  }

  /** K1: kept frames go to each next owner, in order, with their first arrival. */
  flow(): void {
    if (this.flowing) return;
    this.flowing = true;
    for (const frame of this.#kept) this.#send(frame);
  }

  record(record: NodeData | BindRecord | NodeClose | NotOwnerRecord): void {
    switch (record.r) {
      case 'bind':
        this.#settle(record.done);
        this.role = record.role;
        this.bind = record.bind.slice();
        this.s = record.s;
        this.p = record.p;
        for (const frame of record.frames) this.#write(frame);
        return;
      case 'data':
        if (record.done !== undefined) this.#settle(record.done);
        if (record.reset) {
          this.s = record.s ?? this.s;
          this.p = record.p ?? this.p;
          return this.#write(record.bytes);
        }
        if (record.s !== undefined || record.p !== undefined) return this.numbered(record.s, record.p, record.bytes);
        return this.#write(record.bytes);
      case 'close':
        this.closeCode = record.code;
        return;
      case 'notOwner':
        this.notOwner = record;
        this.flowing = false;
    }
  }

  shared({ s, bytes }: BroadcastRecord): void {
    if (s === undefined) this.#write(bytes);
    else this.numbered(s, undefined, bytes);
  }

  /** K4 */
  numbered(s: number | undefined, p: number | undefined, bytes: Uint8Array): void {
    if ((s !== undefined && s <= this.s) || (p !== undefined && p <= this.p)) return;
    if ((s ?? this.s) > this.s + (s === undefined ? 0 : 1) || (p ?? this.p) > this.p + (p === undefined ? 0 : 1)) {
      return this.router.complain(`gap: connection ${this.conn} at ${this.s},${this.p} got ${s},${p}`);
    }
    this.s = s ?? this.s;
    this.p = p ?? this.p;
    this.#write(bytes);
  }

  #settle(done: number): void {
    if (done !== this.#done + 1) this.router.complain(`connection ${this.conn}: ${done} is done after ${this.#done}`);
    this.#done = done;
    this.#kept = this.#kept.filter(({ k }) => k > done);
  }

  #send(frame: Kept): void {
    this.router.send({ r: 'data', conn: this.conn, ...frame });
  }

  #write(bytes: Uint8Array): void {
    if (this.closeCode === null) this.got.push(JSON.parse(Buffer.from(bytes).toString()) as Message);
  }
}
