/**
 * Writes one session's archive, if it has ended and the one there is not of its present state. Owns what is noted of it afterwards: the index, how long it is
 * kept, and that its log may go. A session is archived at its end, and once more when it is retired, with all that happened until then; only then may its log
 * be trimmed. A later correction is put behind what the archive has.
 */
import { createdOf, deckOf, hasEnded } from '../../quiz/state/state.js';
import type { SessionState } from '../../quiz/state/state.js';
import { presentHash } from '../../quiz/views/report.js';
import { sessionTurns, type SessionTurn } from '../../session/session-log.js';
import type { HostDesk } from '../host-desk.js';
import type { LogStart, SessionIndex } from '../session-index.js';
import { archiveLines, openArchive } from './archive-lines.js';
import type { ArchiveHead, ArchiveStore } from './archive-store.js';
import type { Kept } from './kept.js';
import type { CorrectionStart, Unarchived } from './unarchived.js';

export interface ArchiveWriterDeps {
  readonly node: HostDesk;
  readonly index: SessionIndex;
  readonly store: ArchiveStore;
  readonly unarchived: Unarchived;
  readonly kept: Kept;
  readonly retentionDays: number;
}

const dayMs = 86_400_000;
/** What is removed with a session is found by its rows in the index: they go last. */
const indexLagMs = 7 * dayMs;
const fileBytes = 9;
/** However long a correction waits for its turn, it has had it after so long, or will have none. */
const correctionMsMax = 3_600_000;
/** A note that is so young serves for another correction too. */
const freshMs = 600_000;

export class ArchiveWriter {
  constructor(private readonly deps: ArchiveWriterDeps) {}

  /** @throws NotOwnerError, SessionError, TrimmedError, JournalError: nothing was changed that does not hold */
  async write(sessionId: string): Promise<void> {
    const { node, index, store, unarchived } = this.deps;
    // Looked at before the session is: what was noted later may not be in what is seen.
    const corrections = await unarchived.corrections(sessionId);
    const seen = await node.desk.view(sessionId, (state, { shard, n }) => ({ ...factsOf(state), shard, through: n }));
    if (seen?.phase === undefined) return;
    const { phase } = seen;
    const start = (await index.origin(sessionId))?.log ?? (await this.#wholeLog(seen.shard));
    const head = await store.head(sessionId);
    const fresh = head?.revision === seen.revision && head.phase === phase && head.retired === seen.retired;
    const expiresAt = fresh ? head.expiresAt : node.clock.wall() + this.deps.retentionDays * dayMs;
    if (!fresh) {
      const [first] = corrections;
      const continues = head !== undefined && first !== undefined && !(await unarchived.has(start, sessionId));
      const wholeLog = { shard: seen.shard, from: start.offset, through: seen.through };
      const turns = continues ? this.#continued(sessionId, head, first, seen.through) : sessionTurns(node.journal, sessionId, wholeLog);
      await this.#store(sessionId, { ...seen, phase }, turns, expiresAt, head);
    }
    await index.ended(sessionId, phase, expiresAt + indexLagMs);
    if (seen.retired) await unarchived.remove(start, sessionId);
    const settledBefore = node.clock.wall() - correctionMsMax;
    for (const correction of corrections) if (correction.since < settledBefore) await unarchived.removeCorrection(correction);
  }

  /** To be called before a correction: from here on the log is kept, so that an archive can have it. */
  async expectCorrection(sessionId: string): Promise<void> {
    const { node, index, unarchived } = this.deps;
    const origin = await index.origin(sessionId);
    if (origin === undefined) return;
    const now = node.clock.wall();
    if ((await unarchived.corrections(sessionId)).some(({ since }) => since > now - freshMs)) return;
    const { shard } = origin.log;
    const offset = (await node.journal.ends([shard])).get(shard)?.end ?? 0;
    const seen = await node.desk.view(sessionId, (state, { epoch, n }) => ({ ended: hasEnded(state), after: { epoch, n } }));
    // Of a session that goes on, the whole log is kept in any case.
    if (seen?.ended) await unarchived.addCorrection({ sessionId, shard, offset, since: now, after: seen.after });
  }

  async *#continued(sessionId: string, head: ArchiveHead, { shard, offset, after }: CorrectionStart, through: number): AsyncGenerator<SessionTurn> {
    const { store, node } = this.deps;
    let last = 0;
    for await (const turn of (await openArchive(store.lines(sessionId, head))).turns) {
      last = turn.n;
      yield turn;
    }
    for await (const turn of sessionTurns(node.journal, sessionId, { shard, from: offset, after, through })) if (turn.n > last) yield turn;
  }

  async #store(sessionId: string, seen: EndedFacts, turns: AsyncIterable<SessionTurn>, expiresAt: number, before: ArchiveHead | undefined): Promise<void> {
    const { node, store, kept } = this.deps;
    const { revision, phase, retired, standingsHash, owner, deck, shard } = seen;
    const file = Buffer.from(node.random.bytes(fileBytes)).toString('base64url');
    await store.write(sessionId, { file, revision, phase, retired, standingsHash, expiresAt }, archiveLines({ sessionId, owner, shard, deck }, turns));
    await kept.add(shard, sessionId, expiresAt);
    if (before !== undefined && before.expiresAt !== expiresAt) await kept.remove(shard, sessionId, before.expiresAt);
  }

  /** For a session whose beginning was not noted: its node died while it was made. */
  async #wholeLog(shard: number): Promise<LogStart> {
    const range = (await this.deps.node.journal.ends([shard])).get(shard);
    return { shard, offset: range?.start ?? 0 };
  }
}

type EndedFacts = ReturnType<typeof factsOf> & { readonly phase: 'finished' | 'cancelled'; readonly shard: number };

function factsOf(state: SessionState) {
  const phase = hasEnded(state) ? (state.phase as 'finished' | 'cancelled') : undefined;
  return {
    phase, retired: state.retired, revision: state.revisions.length, standingsHash: phase === undefined ? '' : presentHash(state), owner: createdOf(state).owner, deck: deckOf(state),
  };
}
