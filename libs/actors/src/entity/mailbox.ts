/**
 * The commands that wait for one entity. Owns their order: host before ordered before rest, each in order of arrival; what was
 * stashed and is to be judged again goes first (T4). A deadline is a mark in the ordered lane, behind what was received (T3).
 * Bounded per entity and per node; marks are not counted, there is one at most.
 */
import type { AnyEnvelope } from '../opaque.js';
import { Fifo } from '../time/fifo.js';

/** Commands waiting on this node, against its bound. */
export interface MailboxBudget {
  used: number;
  readonly max: number;
}

export const DEADLINE = Symbol('deadline');
export type Work = AnyEnvelope | typeof DEADLINE;

export class Mailbox {
  private readonly again = new Fifo<AnyEnvelope>();
  private host: Fifo<AnyEnvelope> | undefined;
  private ordered: Fifo<Work> | undefined;
  private rest: Fifo<AnyEnvelope> | undefined;
  private readonly stashed = new Fifo<AnyEnvelope>();
  private marked = false;
  /** Commands here, stashed ones included. */
  size = 0;

  constructor(
    private readonly max: number,
    private readonly budget: MailboxBudget,
  ) {}

  get deadlineMarked(): boolean {
    return this.marked;
  }

  /** @returns false when it is full. */
  push(envelope: AnyEnvelope): boolean {
    if (this.size >= this.max || this.budget.used >= this.budget.max) return false;
    this.count(1);
    switch (envelope.lane) {
      case 'host':
        (this.host ??= new Fifo()).push(envelope);
        break;
      case 'ordered':
        (this.ordered ??= new Fifo()).push(envelope);
        break;
      case 'rest':
        (this.rest ??= new Fifo()).push(envelope);
        break;
    }
    return true;
  }

  /** Puts the deadline behind everything received so far in the ordered lane. */
  markDeadline(): void {
    if (this.marked) return;
    this.marked = true;
    (this.ordered ??= new Fifo()).push(DEADLINE);
  }

  next(): Work | undefined {
    const work = this.again.shift() ?? this.host?.shift() ?? this.ordered?.shift() ?? this.rest?.shift();
    if (work === DEADLINE) this.marked = false;
    else if (work) this.count(-1);
    return work;
  }

  /** Keeps a command that `next` gave until something happens that it waits for (T4). */
  stash(envelope: AnyEnvelope): void {
    this.count(1);
    this.stashed.push(envelope);
  }

  unstash(): void {
    for (let each = this.stashed.shift(); each; each = this.stashed.shift()) this.again.push(each);
  }

  /** Takes out every command, in the order in which they would have had their turn; stashed ones first. */
  drain(): AnyEnvelope[] {
    this.unstash();
    const all: AnyEnvelope[] = [];
    for (let work = this.next(); work; work = this.next()) if (work !== DEADLINE) all.push(work);
    return all;
  }

  private count(by: number): void {
    this.size += by;
    this.budget.used += by;
  }
}
