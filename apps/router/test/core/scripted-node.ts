/** A quiz-node that does only what the test says, at the other end of a link that the test can break. It answers clocks by itself, as every node does. */
import { decodeLinkFrame, LinkWriter, type NodeRecord, type RouterRecord } from '@ringmaster/protocol';
import type { LinkConnection, LinkDialer, LinkHandlers } from '@ringmaster/actors';
import type { VirtualTime } from './virtual-time.js';

export type Heard<R extends RouterRecord['r']> = Extract<RouterRecord, { r: R }>;

const utf8 = new TextEncoder();

export class ScriptedNode {
  readonly name: string;
  readonly #time: VirtualTime;
  /** The node's monotonic clock is the router's plus this. */
  skewMs = 50_000;
  shards = 4;
  boot = 'boot-1';
  /** Whether it takes calls. */
  up = true;
  /** Whether it answers clocks: false is a node that was stopped but not killed. */
  beating = true;
  heard: RouterRecord[] = [];
  dials = 0;
  buffered = 0;
  #handlers: LinkHandlers | null = null;
  #older: LinkHandlers[] = [];

  constructor(name: string, time: VirtualTime) {
    this.name = name;
    this.#time = time;
  }

  take(handlers: LinkHandlers): LinkConnection {
    this.dials++;
    const mine = (): boolean => this.#handlers === handlers;
    if (!this.up) {
      this.#time.soon(() => handlers.onClose('refused'));
      return { send: () => undefined, bufferedBytes: () => 0, close: () => undefined };
    }
    if (this.#handlers !== null) this.#older.push(this.#handlers);
    this.#handlers = handlers;
    this.#time.soon(() => handlers.onOpen());
    return {
      send: (frame) => {
        if (mine()) this.#hear(frame);
      },
      bufferedBytes: () => this.buffered,
      close: () => {
        if (mine()) this.#handlers = null;
        this.#older.push(handlers);
      },
    };
  }

  get linked(): boolean {
    return this.#handlers !== null;
  }

  /** Sends records in one frame, and lets the router finish. */
  says(...records: readonly NodeRecord[]): void {
    this.saysAndWaits(...records);
    this.#time.settle();
  }

  /** Sends records in one frame; what the router does later waits for the test. */
  saysAndWaits(...records: readonly NodeRecord[]): void {
    const { onFrame } = this.#handlers ?? {};
    if (onFrame === undefined) throw new Error(`${this.name} has no link`);
    onFrame(frameOf(records));
  }

  /** Sends records on the link before the present one. */
  saysOnOldLink(...records: readonly NodeRecord[]): void {
    const older = this.#older.at(-1);
    if (older === undefined) throw new Error(`${this.name} had no link before`);
    older.onFrame(frameOf(records));
    this.#time.settle();
  }

  /** The link before the present one ends only now. */
  closesOldLink(): void {
    this.#older.at(-1)?.onClose('late');
    this.#time.settle();
  }

  owns(shard: number, epoch: number, sessionTimeAtMonoZero = 0): void {
    this.says({ r: 'owner', shard, epoch, offset: sessionTimeAtMonoZero - this.skewMs });
  }

  breakLink(): void {
    const handlers = this.#handlers;
    this.#handlers = null;
    if (handlers !== null) this.#older.push(handlers);
    handlers?.onClose('reset');
    this.#time.settle();
  }

  crash(): void {
    this.up = false;
    this.breakLink();
  }

  /** What was heard of one kind, oldest first. */
  all<R extends RouterRecord['r']>(kind: R): Heard<R>[] {
    return this.heard.filter((record): record is Heard<R> => record.r === kind);
  }

  last<R extends RouterRecord['r']>(kind: R): Heard<R> {
    const found = this.all(kind).at(-1);
    if (found === undefined) throw new Error(`${this.name} has heard no ${kind}`);
    return found;
  }

  /** What was heard since the last call, without clocks, one line a record. */
  transcript(): string[] {
    const lines = this.heard.filter(({ r }) => r !== 'clock' && r !== 'linkHello').map(line);
    this.heard = [];
    return lines;
  }

  #hear(frame: Uint8Array): void {
    const decoded = decodeLinkFrame(frame, 'router');
    if (!decoded.ok) throw new Error(decoded.reason);
    for (const record of decoded.records) {
      this.heard.push(record);
      if (!this.beating) continue;
      const mono = this.#time.mono() + this.skewMs;
      if (record.r === 'linkHello') this.#later({ r: 'linkWelcome', node: this.name, boot: this.boot, shards: this.shards });
      if (record.r === 'clock') this.#later({ r: 'beat', mono, echo: record.mono });
    }
  }

  #later(record: NodeRecord): void {
    const handlers = this.#handlers;
    this.#time.soon(() => {
      if (handlers !== null && this.#handlers === handlers) handlers.onFrame(frameOf([record]));
    });
  }
}

/** Every node listens at its name; a test may let it move. */
export const addressOf = (name: string): string => `${name}.test:80`;

export class ScriptedCluster implements LinkDialer {
  readonly nodes: ReadonlyMap<string, ScriptedNode>;
  /** Who listens where. */
  readonly listening: Map<string, ScriptedNode>;
  /** Addresses that were dialled, in order. */
  readonly dialled: string[] = [];

  constructor(nodes: readonly ScriptedNode[], private readonly time: VirtualTime) {
    this.nodes = new Map(nodes.map((node) => [node.name, node]));
    this.listening = new Map(nodes.map((node) => [addressOf(node.name), node]));
  }

  dial(address: string, handlers: LinkHandlers): LinkConnection {
    this.dialled.push(address);
    return this.listening.get(address)?.take(handlers) ?? this.#refuse(handlers);
  }

  #refuse(handlers: LinkHandlers): LinkConnection {
    this.time.soon(() => handlers.onClose('nobody listens there'));
    return { send: () => undefined, bufferedBytes: () => 0, close: () => undefined };
  }
}

export const bytesOf = (text: string): Uint8Array => utf8.encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function frameOf(records: readonly NodeRecord[]): Uint8Array {
  const writer = new LinkWriter('node');
  for (const record of records) writer.append(record);
  return writer.take();
}

function line(record: RouterRecord): string {
  switch (record.r) {
    case 'open': {
      const position = record.s === undefined ? '' : ` s${record.s} p${record.p}`;
      const bind = record.bind === undefined ? '' : ` bind:${textOf(record.bind)}`;
      return `open ${record.conn} ${record.sessionId}${position}${bind}${record.hops === 0 ? '' : ` hops${record.hops}`}`;
    }
    case 'data':
      return `data ${record.conn} k${record.k} ${textOf(record.bytes)}${record.flags === 0 ? '' : ` flags${record.flags}`}`;
    case 'close':
      return `close ${record.conn} ${record.code}`;
    case 'rtt':
      return `rtt ${record.conn} ${record.minMs} of ${record.samples}`;
    case 'attached':
      return `attached ${record.shards.map(({ shard, epoch }) => `${shard}@${epoch}`).join(' ')}`;
    case 'clock':
    case 'linkHello':
      return record.r;
  }
}
