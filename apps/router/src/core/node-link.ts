/**
 * Owns the one link from this router to one node: dials, greets, shows its clock, notices that the node is silent, and dials again with back-off. Does not own
 * what the records mean (router.ts), nor where the node may be (known-nodes.ts): it stays with the address that worked, and each dial that fails goes on to the next.
 * K3: each dial is a session of its own, and what an older one still delivers is ignored. T3: the clock that is shown is the stamp that a frame read now gets.
 */
import { decodeLinkFrame, type NodeRecord } from '@ringmaster/protocol';
import type { Clock, LinkConnection, LinkDialer, Random, Timers } from '@ringmaster/actors';
import type { KnownNodes } from './known-nodes.js';
import { LinkSession } from './link-session.js';
import type { Stamps } from './stamps.js';

export interface NodeLinkLimits {
  readonly clockEveryMs: number;
  /** A node without any beat for so long is taken for dead. */
  readonly linkDeadMs: number;
  /** Time from dial to first beat. */
  readonly linkGreetMs: number;
  readonly redialMinMs: number;
  readonly redialMaxMs: number;
  /** Unsent bytes at which the link is given up. */
  readonly linkBufferedBytesMax: number;
}

/** What a node says on a link that is up, but for what this file keeps to itself. */
export type LinkRecord = Exclude<NodeRecord, { r: 'linkWelcome' | 'beat' | 'members' }>;

export interface NodeLinkDeps {
  readonly router: string;
  readonly boot: string;
  readonly dialer: LinkDialer;
  readonly known: Pick<KnownNodes, 'has' | 'addressesOf'>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly stamps: Stamps;
  readonly limits: NodeLinkLimits;
}

export interface NodeLinkEvents {
  /** Null accepts the number of shards, else the reason to refuse the link. */
  welcome(node: string, shards: number): string | null;
  ready(session: LinkSession): void;
  /** A record of a session that is ready. */
  record(session: LinkSession, record: LinkRecord): void;
  /** `members` of a session that is ready: `session.members` has it, also when it came before. */
  told(session: LinkSession): void;
  /** All records of a frame have been given. */
  frameEnd(session: LinkSession): void;
  lost(session: LinkSession, reason: string): void;
  /** A dial did not lead to a link, for the `tries`-th time in a row. */
  failed(session: LinkSession, reason: string, tries: number): void;
}

export class NodeLink {
  readonly node: string;
  readonly #deps: NodeLinkDeps;
  readonly #events: NodeLinkEvents;
  #session: LinkSession | null = null;
  #connection: LinkConnection | null = null;
  #welcomed = false;
  #dialedAt = 0;
  #aliveAt = 0;
  #backOffMs: number;
  #failed = 0;
  #cancelTick: () => void = () => undefined;
  /** Null: none is due. */
  #cancelDial: (() => void) | null = null;
  /** Counts the addresses that were tried. */
  #turn = 0;
  #stopped = false;

  constructor(node: string, deps: NodeLinkDeps, events: NodeLinkEvents) {
    this.node = node;
    this.#deps = deps;
    this.#events = events;
    this.#backOffMs = deps.limits.redialMinMs;
  }

  /** The present session when connections can be opened on it. */
  get ready(): LinkSession | null {
    return this.#session?.ready ? this.#session : null;
  }

  /** Where the node is, or is looked for next; undefined: nobody knows. */
  get address(): string | undefined {
    if (this.#session !== null) return this.#session.address;
    const addresses = this.#deps.known.addressesOf(this.node);
    return addresses[this.#turn % addresses.length];
  }

  /** Neither up nor about to be. */
  get idle(): boolean {
    return this.#session === null && this.#cancelDial === null;
  }

  /** Somebody has named the node: a dial that is due need not be hurried. */
  want(): void {
    if (this.idle) this.dial();
  }

  dial(): void {
    if (this.#stopped || this.#session !== null) return;
    this.#endWait();
    const { address } = this;
    // Named, and gone from all views before its turn came.
    if (address === undefined) return;
    const session = new LinkSession(this.node, address, this.#deps.timers);
    this.#session = session;
    this.#welcomed = false;
    this.#dialedAt = this.#aliveAt = this.#deps.stamps.awake();
    const mine = (act: () => void) => () => {
      if (this.#session === session) act();
    };
    const connection = this.#deps.dialer.dial(address, {
      onOpen: mine(() => this.#greet(session)),
      onFrame: (frame) => mine(() => this.#read(session, frame))(),
      onClose: (reason) => mine(() => this.#broke(session, reason))(),
    });
    if (this.#session !== session) return;
    this.#connection = connection;
    this.#tick(session);
  }

  stop(): void {
    this.#stopped = true;
    this.#endWait();
    if (this.#session === null) return;
    this.#session.flush();
    this.#broke(this.#session, 'router stops');
  }

  #greet(session: LinkSession): void {
    if (this.#connection === null) return;
    session.opened(this.#connection);
    session.send({ r: 'linkHello', router: this.#deps.router, boot: this.#deps.boot });
    this.#showClock(session);
  }

  #tick(session: LinkSession): void {
    this.#cancelTick = this.#deps.timers.after(this.#deps.limits.clockEveryMs, () => {
      const { stamps, limits } = this.#deps;
      // What a stall has kept from being read is no silence.
      if (!stamps.stalled()) {
        const awake = stamps.awake();
        if (!session.ready && awake - this.#dialedAt > limits.linkGreetMs) return this.#broke(session, 'no welcome in time');
        if (session.ready && awake - this.#aliveAt > limits.linkDeadMs) return this.#broke(session, 'no beat in time');
        if (session.bufferedBytes() > limits.linkBufferedBytesMax) return this.#broke(session, 'too many unsent bytes');
      }
      this.#showClock(session);
      this.#tick(session);
    });
  }

  #showClock(session: LinkSession): void {
    const now = session.clock.known ? session.clock.show(this.#deps.stamps.stamp()) : 0;
    session.send({ r: 'clock', now, mono: this.#deps.clock.mono() });
  }

  #read(session: LinkSession, frame: Uint8Array): void {
    const decoded = decodeLinkFrame(frame, 'node');
    if (!decoded.ok) return this.#broke(session, decoded.reason);
    for (const record of decoded.records) {
      this.#take(session, record);
      if (this.#session !== session) return;
    }
    this.#events.frameEnd(session);
  }

  #take(session: LinkSession, record: NodeRecord): void {
    switch (record.r) {
      case 'linkWelcome': {
        const refusal = record.node === this.node ? this.#events.welcome(record.node, record.shards) : `dialled ${this.node}, but ${record.node} answered`;
        if (refusal !== null) {
          this.#backOffMs = this.#deps.limits.redialMaxMs;
          return this.#broke(session, refusal);
        }
        session.boot = record.boot;
        this.#welcomed = true;
        return this.#maybeReady(session);
      }
      case 'beat': {
        const now = this.#deps.clock.mono();
        session.clock.observe(record.echo, now, record.mono);
        session.lastBeatAt = now;
        session.lastBeatSentAt = record.mono;
        this.#aliveAt = this.#deps.stamps.awake();
        return this.#maybeReady(session);
      }
      case 'members':
        session.members = record.nodes;
        if (session.ready) this.#events.told(session);
        return;
      case 'owner':
        session.told.set(record.shard, { epoch: record.epoch, offset: record.offset });
        break;
      default:
    }
    if (session.ready) this.#events.record(session, record);
  }

  #maybeReady(session: LinkSession): void {
    if (session.ready || !this.#welcomed || !session.clock.settled) return;
    session.ready = true;
    this.#failed = 0;
    this.#backOffMs = this.#deps.limits.redialMinMs;
    this.#events.ready(session);
  }

  #broke(session: LinkSession, reason: string): void {
    const connection = this.#connection;
    this.#session = null;
    this.#connection = null;
    this.#cancelTick();
    const wasReady = session.ready;
    session.broke();
    connection?.close();
    if (!wasReady) this.#turn++;
    if (!this.#stopped && this.#deps.known.has(this.node)) this.#redial();
    if (wasReady) this.#events.lost(session, reason);
    else if (!this.#stopped) this.#events.failed(session, reason, ++this.#failed);
  }

  #redial(): void {
    const ms = this.#backOffMs * (0.5 + this.#deps.random.fraction() / 2);
    this.#backOffMs = Math.min(this.#deps.limits.redialMaxMs, this.#backOffMs * 2);
    this.#cancelDial = this.#deps.timers.after(ms, () => this.dial());
  }

  #endWait(): void {
    this.#cancelDial?.();
    this.#cancelDial = null;
  }
}
