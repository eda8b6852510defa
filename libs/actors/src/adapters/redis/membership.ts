// Owns: this process's row in Redis, its beats, and the view that it gives. Does not own: who is alive (Roll), and no decision at
// all: ownership is decided by the log (L2), the view is a hint.
// One request is under way at a time; it reads all rows and writes the own one in one transaction. Redis gone: the last view stands
// and `status().stale` says so. A publication makes the others look at once; without it they look at their next beat.
import type { ChainableCommander, Redis } from 'ioredis';
import type { Clock, Timers } from '../../ports/clock.js';
import type { JoinableMembership, Joining, MembershipStatus, MembershipView } from '../../ports/membership.js';
import { connectRedis, DEFAULT_KEY_PREFIX, disconnectRedis, type RedisConnectionOptions } from './connection.js';
import { isLater, Roll, viewOf, type RollLimits } from './roll.js';
import { decodeRow, encodeRow, fieldOf, ringHashOf, type MemberRow } from './rows.js';

export interface RedisMembershipOptions extends RedisConnectionOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly limits?: Partial<RedisMembershipLimits>;
  /** For the log: `membership stale`, `membership heard again`, `members changed`, `name taken over`, `name shared`. */
  readonly note?: (event: string, about: Readonly<Record<string, unknown>>) => void;
}

export interface RedisMembershipLimits extends RollLimits {
  /** Time between two beats, ms. */
  readonly beatEveryMs: number;
  /** Beats without an answer after which the connection is made anew. */
  readonly lostBeatsMax: number;
}

export const defaultMembershipLimits: RedisMembershipLimits = Object.freeze({ beatEveryMs: 500, deadAfterMs: 2_000, graceMs: 3_000, forgetAfterMs: 30_000, lostBeatsMax: 2 });

const REPLY_MS_MAX = 1_000;
const nobody: MembershipView = { version: 0, nodes: [], routers: [] };

interface Self {
  readonly joining: Joining;
  row: MemberRow | undefined;
  readonly joined: PromiseWithResolvers<void>;
  left: boolean;
}

export class RedisMembership implements JoinableMembership {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #limits: RedisMembershipLimits;
  readonly #note: NonNullable<RedisMembershipOptions['note']>;
  readonly #key: string;
  readonly #redis: Redis;
  readonly #ear: Redis;
  readonly #roll: Roll;
  readonly #listeners = new Set<(view: MembershipView) => void>();
  /** Boot ids of processes of the same name of which somebody was told. */
  readonly #told = new Set<string>();
  #members: readonly MemberRow[] = [];
  #view = nobody;
  #self: Self | undefined;
  #flying: Promise<void> | undefined;
  #again = false;
  #lost = 0;
  #counts = { beats: 0, failures: 0 };
  #stale = false;
  readonly #startedAt: number;
  #cancel: () => void = () => undefined;
  #closed = false;

  constructor(options: RedisMembershipOptions) {
    this.#clock = options.clock;
    this.#timers = options.timers;
    this.#limits = { ...defaultMembershipLimits, ...options.limits };
    this.#note = options.note ?? (() => undefined);
    this.#key = `${options.keyPrefix ?? DEFAULT_KEY_PREFIX}members`;
    this.#roll = new Roll(this.#limits);
    this.#startedAt = this.#clock.mono();
    this.#redis = connectRedis(options, 'ringmaster-members', REPLY_MS_MAX);
    this.#ear = connectRedis(options, 'ringmaster-members-ear', REPLY_MS_MAX);
    this.#redis.on('ready', () => this.#look());
    // What was published while nobody listened is found by a look.
    this.#ear.on('ready', () => void this.#ear.subscribe(this.#key).then(() => this.#look(), () => undefined));
    this.#ear.on('message', () => this.#look());
    this.#tick();
  }

  view(): MembershipView {
    return this.#view;
  }

  onChange(listener: (view: MembershipView) => void): () => void {
    const own = (view: MembershipView): void => listener(view);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /**
   * `host:port` of a node, also of one that is no member any more: a node that drains has left and still owns shards, and whoever
   * takes them over asks it first (O3). A while after it has gone, undefined.
   */
  addressOf(node: string): string | undefined {
    const member = this.#members.find(({ kind, name }) => kind === 'node' && name === node);
    return member?.address ?? this.#roll.addressOf(node);
  }

  join(joining: Joining): Promise<void> {
    if (this.#closed || this.#self !== undefined) return Promise.reject(new Error(`${joining.name} cannot join: this process ${this.#closed ? 'has closed its membership' : 'has joined before'}`));
    this.#self = { joining, row: undefined, joined: Promise.withResolvers(), left: false };
    this.#look();
    return this.#self.joined.promise;
  }

  async leave(): Promise<void> {
    const self = this.#self;
    if (self === undefined || self.left) return;
    self.left = true;
    self.joined.reject(new Error(`${self.joining.name} has left`));
    // A beat that is on its way is ahead of this on the same connection.
    if (self.row === undefined) return;
    const last: MemberRow = { ...self.row, beat: self.row.beat + 1, left: true };
    await this.#redis.multi().hset(this.#key, fieldOf(last), encodeRow(last)).publish(this.#key, 'left').exec().catch(() => undefined);
    this.#look();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel();
    this.#self?.joined.reject(new Error(`${this.#self.joining.name} has closed its membership`));
    await Promise.all([disconnectRedis(this.#redis), disconnectRedis(this.#ear)]);
    await this.#flying;
  }

  status(): MembershipStatus {
    const ringHash = this.#ringHash();
    const own = this.#self?.row;
    return {
      stale: this.#isStale(),
      ageMs: this.#roll.readAt === undefined ? undefined : this.#clock.mono() - this.#roll.readAt,
      ringHash,
      disagreeing: this.#members.filter((row) => row.ringHash !== ringHash && (row.kind !== own?.kind || row.name !== own.name)).map(({ name }) => name),
      replacedBy: own && this.#roll.rivalsOf(own).find((rival) => isLater(rival, own))?.boot,
      ...this.#counts,
    };
  }

  #tick(): void {
    this.#cancel = this.#timers.after(this.#limits.beatEveryMs, () => this.#tick());
    this.#look();
    this.#noteStaleness();
  }

  /** Reads, and beats; once more if somebody asks for it meanwhile. */
  #look(): void {
    if (this.#closed) return;
    if (this.#flying !== undefined) {
      this.#again = true;
      return;
    }
    this.#again = false;
    this.#flying = this.#beat()
      .then(() => this.#heard(), () => this.#unheard())
      .finally(() => {
        this.#flying = undefined;
        if (this.#again && this.#lost === 0) this.#look();
      });
  }

  async #beat(): Promise<void> {
    const self = this.#self;
    const first = self !== undefined && !self.left && self.row === undefined;
    const since = first ? await this.#sinceOf(self.joining) : self?.row?.since;
    const request = this.#redis.multi().hgetall(this.#key);
    let own: MemberRow | undefined;
    if (self !== undefined && !self.left && since !== undefined) {
      own = { ...self.joining, since, beat: (self.row?.beat ?? 0) + 1, ringHash: this.#ringHash() };
      request.hset(this.#key, fieldOf(own), encodeRow(own));
      if (first) request.publish(this.#key, 'joined');
    }
    const written = self?.row;
    // From here on the row may stand there, whatever comes back: a later one must be above it.
    if (self !== undefined && own !== undefined) self.row = own;
    const rows = rowsOf((await answersOf(request))[0]);
    const lost = own !== undefined && written !== undefined && !rows.has(fieldOf(written));
    if (own !== undefined) rows.set(fieldOf(own), own);
    this.#roll.read(rows, this.#clock.mono(), lost);
    this.#publishView();
    if (own !== undefined) self?.joined.resolve();
    const forgettable = this.#roll.forgettable().filter((field) => rows.has(field));
    if (forgettable.length > 0) await this.#redis.hdel(this.#key, ...forgettable);
  }

  /** Above every process of this name, whatever Redis' clock does. */
  async #sinceOf({ kind, name }: Joining): Promise<number> {
    const [rows, time] = await answersOf(this.#redis.multi().hgetall(this.#key).time());
    const [seconds = 0, micros = 0] = (time as readonly (string | number)[]).map(Number);
    const others = [...rowsOf(rows).values()].filter((row) => row.kind === kind && row.name === name);
    return Math.max(seconds * 1_000 + Math.floor(micros / 1_000), ...others.map((row) => row.since + 1));
  }

  #publishView(): void {
    this.#members = this.#roll.members();
    const view = viewOf(this.#members, this.#view);
    const changed = view !== this.#view;
    this.#view = view;
    if (changed) {
      this.#note('members changed', { version: view.version, nodes: view.nodes.map(({ name }) => name), routers: view.routers, ringHash: this.#ringHash() });
      for (const listener of [...this.#listeners]) listener(view);
    }
    this.#noteRivals();
  }

  #noteRivals(): void {
    const own = this.#self?.row;
    if (own === undefined || this.#self?.left === true) return;
    for (const rival of this.#roll.rivalsOf(own)) {
      if (this.#told.has(rival.boot)) continue;
      this.#told.add(rival.boot);
      const about = { kind: own.kind, name: own.name, boot: own.boot, address: own.address, otherBoot: rival.boot, otherAddress: rival.address };
      this.#note(isLater(rival, own) ? 'name taken over' : 'name shared', about);
    }
  }

  #heard(): void {
    this.#counts.beats += 1;
    this.#lost = 0;
    this.#noteStaleness();
  }

  #unheard(): void {
    if (this.#closed) return;
    this.#counts.failures += 1;
    this.#lost += 1;
    // A connection on which nothing comes back may be dead without knowing it.
    if (this.#lost % this.#limits.lostBeatsMax === 0 && this.#redis.status === 'ready') this.#redis.disconnect(true);
  }

  #isStale(): boolean {
    return this.#clock.mono() - (this.#roll.readAt ?? this.#startedAt) >= this.#limits.deadAfterMs || this.#roll.readAt === undefined;
  }

  #noteStaleness(): void {
    const since = this.#roll.readAt ?? this.#startedAt;
    const stale = this.#clock.mono() - since >= this.#limits.deadAfterMs;
    if (stale === this.#stale) return;
    this.#stale = stale;
    const { nodes, routers } = this.#view;
    this.#note(stale ? 'membership stale' : 'membership heard again', { nodes: nodes.length, routers: routers.length });
  }

  #ringHash(): string {
    return ringHashOf(this.#view.nodes.map(({ name }) => name));
  }
}

/** @throws Error when the transaction, or any command of it, was not carried out */
async function answersOf(transaction: ChainableCommander): Promise<readonly unknown[]> {
  const answers = (await transaction.exec()) ?? [[new Error('the transaction was given up'), undefined]];
  return answers.map(([error, answer]) => {
    if (error !== null) throw error;
    return answer;
  });
}

function rowsOf(answer: unknown): Map<string, MemberRow> {
  const entries = Object.entries(answer as Record<string, string>).map(([field, text]) => [field, decodeRow(text)] as const);
  return new Map(entries.filter((entry): entry is [string, MemberRow] => entry[1] !== undefined));
}
