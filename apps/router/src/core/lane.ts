/**
 * Owns the order in which one session's records reach its local sockets, and how many sockets are written to before others get their turn. Does not own what
 * a record does to a connection (delivery.ts).
 * Every connection gets what concerns it in the order in which the owner sent it: shared and private frames of one flush in one write. A batch is walked
 * connection by connection, a chunk at a time; what arrives meanwhile waits for the next batch, so fan-outs of one audience run one after another. A hint
 * that is still being told when a newer one of its kind arrives is given up.
 */
import type { BindRecord, EachItem, NodeClose, NodeData } from '@ringmaster/protocol';
import type { OutFrame } from './client-socket.js';
import type { Connection } from './connection.js';
import type { LinkSession } from './link-session.js';

/** A record for one connection. An item of `each` is the one without `r`. */
export type DirectRecord = NodeData | BindRecord | NodeClose | EachItem;

export interface PendingRecord {
  /** Comes after so many shared jobs of its lane. */
  readonly seq: number;
  readonly from: LinkSession;
  readonly record: DirectRecord;
}

export interface SharedJob {
  /** Where it came from; null for the router's own hints. */
  readonly from: LinkSession | null;
  /** Mask of roles. */
  readonly audience: number;
  /** Undefined for a hint. */
  readonly s: number | undefined;
  readonly frame: OutFrame;
  /** Hints of one kind replace each other; null otherwise. */
  readonly kind: string | null;
  givenUp: boolean;
}

export interface LaneWriter {
  /** Applies one record; what is to be sent is gathered until `flush`. */
  direct(connection: Connection, pending: PendingRecord): void;
  shared(connection: Connection, job: SharedJob): void;
  flush(connection: Connection): void;
  gaveUp(): void;
}

export interface LaneDeps {
  readonly writer: LaneWriter;
  readonly soon: (fn: () => void) => void;
  readonly chunkSockets: number;
  /** Connections whose role is in the mask. */
  readonly members: (audience: number) => Iterable<Connection>;
}

interface Batch {
  readonly jobs: readonly SharedJob[];
  readonly first: number;
  readonly targets: readonly Connection[];
  at: number;
}

export class Lane {
  readonly #deps: LaneDeps;
  #jobs: SharedJob[] = [];
  #touched: Connection[] = [];
  /** How many shared jobs there have been before `#jobs`. */
  #before = 0;
  #running: Batch | null = null;
  #batches = 0;

  constructor(deps: LaneDeps) {
    this.#deps = deps;
  }

  share(job: SharedJob): void {
    if (job.kind !== null) {
      this.#giveUp(this.#running?.jobs ?? [], job);
      this.#giveUp(this.#jobs, job);
    }
    this.#jobs.push(job);
  }

  direct(connection: Connection, from: LinkSession, record: DirectRecord): void {
    connection.inbox.push({ seq: this.#before + this.#jobs.length, from, record });
    this.#touched.push(connection);
  }

  /** Nothing is queued or under way. */
  get idle(): boolean {
    return this.#running === null && this.#jobs.length === 0 && this.#touched.length === 0;
  }

  /** Walks what is queued, unless a batch is under way: that one goes on by itself. */
  run(): void {
    if (this.#running === null) this.#chunk();
  }

  #chunk(): void {
    let left = this.#deps.chunkSockets;
    while (left > 0) {
      const batch = (this.#running ??= this.#next());
      if (batch === null) return;
      for (; left > 0 && batch.at < batch.targets.length; batch.at++) {
        const connection = batch.targets[batch.at];
        if (connection === undefined || connection.visitedIn === this.#batches) continue;
        connection.visitedIn = this.#batches;
        this.#visit(connection, batch);
        left--;
      }
      if (batch.at >= batch.targets.length) this.#running = null;
    }
    if (!this.idle) this.#deps.soon(() => this.#chunk());
  }

  #next(): Batch | null {
    const touched = this.#touched;
    const jobs = this.#jobs;
    if (touched.length === 0 && jobs.length === 0) return null;
    const audience = jobs.reduce((mask, job) => mask | job.audience, 0);
    const batch: Batch = { jobs, first: this.#before, targets: jobs.length === 0 ? touched : [...touched, ...this.#deps.members(audience)], at: 0 };
    this.#before += jobs.length;
    this.#jobs = [];
    this.#touched = [];
    this.#batches++;
    return batch;
  }

  #visit(connection: Connection, { jobs, first }: Batch): void {
    const { writer } = this.#deps;
    const { inbox } = connection;
    let read = 0;
    for (let index = 0; index <= jobs.length; index++) {
      for (let next = inbox[read]; next !== undefined && next.seq <= first + index; next = inbox[++read]) writer.direct(connection, next);
      const job = jobs[index];
      if (job !== undefined && !job.givenUp) writer.shared(connection, job);
    }
    if (read > 0) inbox.splice(0, read);
    writer.flush(connection);
  }

  #giveUp(jobs: readonly SharedJob[], newer: SharedJob): void {
    for (const job of jobs) {
      if (job.givenUp || job.kind !== newer.kind || job.audience !== newer.audience) continue;
      job.givenUp = true;
      this.#deps.writer.gaveUp();
    }
  }
}
