/**
 * The commands that wait for one entity. Owns their order: host before ordered before rest, each in order of arrival; what was
 * stashed and is to be judged again goes first (T4). A deadline is a mark in the ordered lane, behind what was received (T3).
 * Bounded per entity and per node; marks are not counted, there is one at most. An empty mailbox holds no queue.
 */
import type { AnyEnvelope } from '../opaque.js';
import { Fifo } from '../time/fifo.js';

/** What bounds all mailboxes of a node. */
export interface MailboxBudget {
  /** Commands waiting on this node. */
  used: number;
  readonly max: number;
  readonly maxEach: number;
}

export const DEADLINE = Symbol('deadline');
export type Work = AnyEnvelope | typeof DEADLINE;

type Queue = 'again' | 'host' | 'ordered' | 'rest' | 'stashed';

export class Mailbox {
  /** Commands here, stashed ones included. */
  size = 0;
  deadlineMarked = false;
  private again: Fifo<Work> | undefined = undefined;
  private host: Fifo<Work> | undefined = undefined;
  private ordered: Fifo<Work> | undefined = undefined;
  private rest: Fifo<Work> | undefined = undefined;
  private stashed: Fifo<Work> | undefined = undefined;

  constructor(private readonly budget: MailboxBudget) {}

  /** @returns false when it is full. */
  push(envelope: AnyEnvelope): boolean {
    if (this.size >= this.budget.maxEach || this.budget.used >= this.budget.max) return false;
    this.add(envelope.lane, envelope);
    return true;
  }

  /** Puts the deadline behind everything received so far in the ordered lane. */
  markDeadline(): void {
    if (this.deadlineMarked) return;
    this.deadlineMarked = true;
    (this.ordered ??= new Fifo()).push(DEADLINE);
  }

  next(): Work | undefined {
    return this.take('again') ?? this.take('host') ?? this.take('ordered') ?? this.take('rest');
  }

  /** Keeps a command that `next` gave until something happens that it waits for (T4). */
  stash(envelope: AnyEnvelope): void {
    this.add('stashed', envelope);
  }

  unstash(): void {
    for (let each = this.take('stashed'); each && each !== DEADLINE; each = this.take('stashed')) this.add('again', each);
  }

  /** Takes out every command, in the order in which they would have had their turn; stashed ones first. */
  drain(): AnyEnvelope[] {
    this.unstash();
    const all: AnyEnvelope[] = [];
    for (let work = this.next(); work; work = this.next()) if (work !== DEADLINE) all.push(work);
    return all;
  }

  private add(queue: Queue, envelope: AnyEnvelope): void {
    (this[queue] ??= new Fifo()).push(envelope);
    this.size++;
    this.budget.used++;
  }

  private take(queue: Queue): Work | undefined {
    const work = this[queue]?.shift();
    if (this[queue]?.length === 0) this[queue] = undefined;
    if (work === DEADLINE) this.deadlineMarked = false;
    else if (work) {
      this.size--;
      this.budget.used--;
    }
    return work;
  }
}
