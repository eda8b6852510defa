/**
 * Writes the archive of every session that ends on this node, and another after each correction. Owns the queue of those to be written, and what is written of
 * ends into the index. Hears of an end from the session's outputs, which have passed the gate (L6); should the node die in between, the next owner hears of
 * the session's retirement, and `Upkeep` looks for what both have missed.
 */
import { NotOwnerError } from '../../session/session-error.js';
import type { SessionOutput } from '../../session/session-output.js';
import { sessionTurns } from '../../session/session-log.js';
import { createdOf, deckOf, hasEnded } from '../../quiz/state/state.js';
import type { SessionState } from '../../quiz/state/state.js';
import { presentHash } from '../../quiz/views/report.js';
import type { HostDesk } from '../host-desk.js';
import type { LogStart, SessionIndex } from '../session-index.js';
import { archiveLines } from './archive-lines.js';
import type { ArchiveStore } from './archive-store.js';
import type { Kept } from './kept.js';
import type { Unarchived } from './unarchived.js';

export interface ArchivistDeps {
  readonly node: HostDesk;
  readonly index: SessionIndex;
  readonly store: ArchiveStore;
  readonly unarchived: Unarchived;
  readonly kept: Kept;
  readonly retentionDays: number;
  readonly note: (event: string, about: Readonly<Record<string, unknown>>) => void;
}

const atOnceMax = 2;
const triesMax = 8;
const retryMs = 2_000;
const dayMs = 86_400_000;
const fileBytes = 9;

export class Archivist {
  /** Sessions to be written, with the attempts so far, in the order of their ends. */
  readonly #waiting = new Map<string, number>();
  readonly #writing = new Set<string>();
  #written: (() => void)[] = [];

  constructor(private readonly deps: ArchivistDeps) {}

  /** @returns ends the subscription. */
  listen(): () => void {
    const { desk } = this.deps.node;
    return desk.onOutputs((sessionId, outputs) => this.#heard(sessionId, outputs));
  }

  /** Resolves when nothing waits to be written. */
  async settled(): Promise<void> {
    while (this.#waiting.size > 0 || this.#writing.size > 0) await new Promise<void>((resolve) => this.#written.push(resolve));
  }

  /** Resolves when nothing of this session is being written or waits for it. */
  async done(sessionId: string): Promise<void> {
    while (this.#waiting.has(sessionId) || this.#writing.has(sessionId)) await new Promise<void>((resolve) => this.#written.push(resolve));
  }

  /** Has the session's archive written, if it has ended and the one there is not of its last revision. */
  enqueue(sessionId: string, tries = 0): void {
    this.#waiting.set(sessionId, tries);
    this.#go();
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
      await this.#write(sessionId);
    } catch (error) {
      this.#failed('archive not written', sessionId, error);
      // Another owner hears of the retirement.
      if (!(error instanceof NotOwnerError) && tries + 1 < triesMax) this.deps.node.timers.after(retryMs * 2 ** tries, () => this.enqueue(sessionId, tries + 1));
    }
    this.#writing.delete(sessionId);
    this.#go();
    for (const resolve of this.#written.splice(0)) resolve();
  }

  async #write(sessionId: string): Promise<void> {
    const { node, index, store, unarchived, kept, retentionDays } = this.deps;
    const seen = await node.desk.view(sessionId, (state, { shard, n }) => ({ ...facts(state), shard, through: n }));
    if (seen?.phase === undefined) return;
    const start = (await index.origin(sessionId))?.log ?? (await this.#wholeLog(seen.shard));
    const { phase, revision, standingsHash, owner, deck, shard, through } = seen;
    const expiresAt = node.clock.wall() + retentionDays * dayMs;
    const head = await store.head(sessionId);
    if (head?.revision !== revision || head.phase !== phase) {
      const file = Buffer.from(node.random.bytes(fileBytes)).toString('base64url');
      const turns = sessionTurns(node.journal, sessionId, { shard, from: start.offset, through });
      await store.write(sessionId, { file, revision, phase, standingsHash, expiresAt }, archiveLines({ sessionId, owner, shard, deck }, turns));
      await kept.add(shard, sessionId, expiresAt);
      if (head !== undefined) await kept.remove(shard, sessionId, head.expiresAt);
    }
    await index.ended(sessionId, phase, expiresAt);
    await unarchived.remove(start, sessionId);
  }

  /** For a session whose beginning was not noted: its node died while it was made. */
  async #wholeLog(shard: number): Promise<LogStart> {
    const range = (await this.deps.node.journal.ends([shard])).get(shard);
    return { shard, offset: range?.start ?? 0 };
  }

  #failed(event: string, sessionId: string, error: unknown): void {
    this.deps.note(event, { sessionId, error: error instanceof Error ? error.message : String(error) });
  }
}

function facts(state: SessionState) {
  const phase = hasEnded(state) ? (state.phase as 'finished' | 'cancelled') : undefined;
  return { phase, revision: state.revisions.length, standingsHash: phase === undefined ? '' : presentHash(state), owner: createdOf(state).owner, deck: deckOf(state) };
}
