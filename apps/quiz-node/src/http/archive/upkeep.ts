/**
 * What has to be looked after from time to time: archives that nobody has written, and ended sessions that have been kept long enough. Owns the beat. A session is forgotten by itself, in a turn, so the order of events decides here too.
 */
import { NotOwnerError } from '../../session/session-error.js';
import { hasEnded } from '../../quiz/state/state.js';
import type { HostDesk } from '../host-desk.js';
import { refusedCommand } from '../problem.js';
import type { SessionIndex } from '../session-index.js';
import type { ArchiveStore } from './archive-store.js';
import type { Archivist } from './archivist.js';
import type { Kept, KeptSession } from './kept.js';
import type { Unarchived, UnarchivedSession } from './unarchived.js';

export interface UpkeepDeps {
  readonly node: HostDesk;
  readonly index: SessionIndex;
  readonly store: ArchiveStore;
  readonly unarchived: Unarchived;
  readonly kept: Kept;
  readonly archivist: Pick<Archivist, 'enqueue' | 'done'>;
  readonly forgotten: (sessionId: string) => void;
  readonly note: (event: string, about: Readonly<Record<string, unknown>>) => void;
}

const sessionNotFound = 210;
const everyMs = 600_000;
/** Longer than any lobby lasts: whatever has ended by then was heard of, or missed. */
const missedAfterMs = 2 * 86_400_000;

export class Upkeep {
  #cancel = (): void => undefined;

  constructor(private readonly deps: UpkeepDeps) {}

  /** @returns ends the beat. */
  start(): () => void {
    const { timers } = this.deps.node;
    const beat = (): void => {
      this.#cancel = timers.after(everyMs, () => {
        this.look()
          .catch((error: unknown) => this.deps.note('upkeep failed', { error: error instanceof Error ? error.message : String(error) }))
          .finally(beat);
      });
    };
    beat();
    return () => this.#cancel();
  }

  /** One round. */
  async look(): Promise<void> {
    const { node, unarchived, kept } = this.deps;
    const now = node.clock.wall();
    for (const shard of node.shards.ownedShards()) {
      for await (const session of unarchived.of(shard)) {
        if (session.since < now - missedAfterMs) await this.#ifOurs(() => this.#archiveIfMissed(session));
      }
      for (const session of await kept.due(shard, now)) await this.#ifOurs(() => this.#letGo(session, now));
    }
  }

  /** Removes all that is kept of an ended session. @throws Problem when it has not ended; NotOwnerError, SessionError */
  async purge(sessionId: string): Promise<void> {
    const { node, index, store, unarchived, kept, archivist, forgotten } = this.deps;
    const reply = await node.desk.ask(sessionId, { type: 'purge' }, 'rest');
    // The archive of a session that is gone already goes too.
    if (!reply.ok && reply.code !== sessionNotFound) throw refusedCommand(reply.code);
    // An archive that was begun before is finished first; none is begun any more.
    await archivist.done(sessionId);
    const head = await store.head(sessionId);
    if (head !== undefined) await kept.remove(node.shards.shardOf(sessionId), sessionId, head.expiresAt);
    const origin = await index.origin(sessionId);
    await store.remove(sessionId);
    for (const correction of await unarchived.corrections(sessionId)) await unarchived.removeCorrection(correction);
    if (origin !== undefined) await unarchived.remove(origin.log, sessionId);
    await index.remove(sessionId);
    forgotten(sessionId);
  }

  /** The shard may have been handed over meanwhile: then it is another's to do. */
  async #ifOurs(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof NotOwnerError)) throw error;
    }
  }

  async #archiveIfMissed(session: UnarchivedSession): Promise<void> {
    const { node, unarchived, archivist } = this.deps;
    const ended = await node.desk.view(session.sessionId, hasEnded);
    if (ended === undefined) await unarchived.remove(session, session.sessionId);
    else if (ended) archivist.enqueue(session.sessionId);
  }

  async #letGo(session: KeptSession, now: number): Promise<void> {
    const head = await this.deps.store.head(session.sessionId);
    // A correction has made a newer archive, which is kept as long again.
    if (head === undefined || head.expiresAt <= now) await this.purge(session.sessionId);
    await this.deps.kept.remove(session.shard, session.sessionId, session.until);
  }
}
