/**
 * Has the archive of every session written that ends on this node, and another after each correction. Owns the queue of those to be written. Hears of an end
 * from the session's outputs, which have passed the gate (L6); should the node die in between, the next owner hears of the session's retirement, and `Upkeep`
 * looks for what both have missed.
 */
import type { Timers } from '@ringmaster/actors';
import type { SessionDesk } from '../../session/session-desk.js';
import { NotOwnerError } from '../../session/session-error.js';
import type { SessionOutput } from '../../session/session-output.js';
import type { SessionIndex } from '../session-index.js';
import type { ArchiveWriter } from './archive-writer.js';

export interface ArchivistDeps {
  readonly desk: Pick<SessionDesk, 'onOutputs'>;
  readonly timers: Timers;
  readonly index: Pick<SessionIndex, 'started'>;
  readonly writer: Pick<ArchiveWriter, 'write'>;
  readonly note: (event: string, about: Readonly<Record<string, unknown>>) => void;
}

const atOnceMax = 2;
const triesMax = 8;
const retryMs = 2_000;

export class Archivist {
  /** Sessions to be written, with the attempts so far, in the order of their ends. */
  readonly #waiting = new Map<string, number>();
  readonly #writing = new Set<string>();
  #written: (() => void)[] = [];

  constructor(private readonly deps: ArchivistDeps) {}

  /** @returns ends the subscription. */
  listen(): () => void {
    return this.deps.desk.onOutputs((sessionId, outputs) => this.#heard(sessionId, outputs));
  }

  /** Resolves when nothing waits to be written. */
  async settled(): Promise<void> {
    while (this.#waiting.size > 0 || this.#writing.size > 0) await this.#nextWritten();
  }

  /** Resolves when nothing of this session is being written or waits for it. */
  async done(sessionId: string): Promise<void> {
    while (this.#waiting.has(sessionId) || this.#writing.has(sessionId)) await this.#nextWritten();
  }

  enqueue(sessionId: string, tries = 0): void {
    this.#waiting.set(sessionId, tries);
    this.#go();
  }

  #nextWritten(): Promise<void> {
    return new Promise((resolve) => this.#written.push(resolve));
  }

  #heard(sessionId: string, outputs: readonly SessionOutput[]): void {
    for (const output of outputs) {
      if (output.kind === 'ended' || output.kind === 'retired') this.enqueue(sessionId);
      else if (output.kind === 'shared' && output.frame.t === 'session.started') {
        this.deps.index.started(sessionId).catch((error: unknown) => this.#failed('session not listed as started', sessionId, error));
      }
    }
  }

  #go(): void {
    for (const [sessionId, tries] of this.#waiting) {
      if (this.#writing.size >= atOnceMax) return;
      // One whose archive is being written waits for its end: what was corrected meanwhile may not be in it.
      if (this.#writing.has(sessionId)) continue;
      this.#waiting.delete(sessionId);
      this.#writing.add(sessionId);
      void this.#attempt(sessionId, tries);
    }
  }

  async #attempt(sessionId: string, tries: number): Promise<void> {
    try {
      await this.deps.writer.write(sessionId);
    } catch (error) {
      this.#failed('archive not written', sessionId, error);
      // Another owner hears of the retirement.
      if (!(error instanceof NotOwnerError) && tries + 1 < triesMax) this.deps.timers.after(retryMs * 2 ** tries, () => this.enqueue(sessionId, tries + 1));
    }
    this.#writing.delete(sessionId);
    this.#go();
    for (const resolve of this.#written.splice(0)) resolve();
  }

  #failed(event: string, sessionId: string, error: unknown): void {
    this.deps.note(event, { sessionId, error: error instanceof Error ? error.message : String(error) });
  }
}
