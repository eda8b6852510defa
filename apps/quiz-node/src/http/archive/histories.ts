/** Where the events of a session are read: its archive, once that is of its present revision, else the log. Owns nothing. */
import type { Deck } from '../../quiz/definition.js';
import { deckOf, hasEnded } from '../../quiz/state/state.js';
import type { SessionState } from '../../quiz/state/state.js';
import { presentHash } from '../../quiz/views/report.js';
import { replay, sessionTurns, type SessionTurn } from '../../session/session-log.js';
import { breathing } from '../breathing.js';
import type { HostDesk } from '../host-desk.js';
import { notFound } from '../problem.js';
import type { SessionIndex } from '../session-index.js';
import { openArchive } from './archive-lines.js';
import type { ArchiveHead, ArchiveStore } from './archive-store.js';

export interface SessionHistory {
  readonly source: 'journal' | 'archive';
  readonly archiveSha256?: string;
  readonly shard: number;
  readonly deck: Deck;
  readonly turns: AsyncIterable<SessionTurn>;
  /** What the session itself says, or said when it was archived. */
  readonly revision: number;
  readonly standingsHash: string;
}

export class Histories {
  constructor(
    private readonly node: Pick<HostDesk, 'desk' | 'journal'>,
    private readonly index: SessionIndex,
    private readonly store: ArchiveStore,
    /** Resolves when no archive of the session is being written. */
    private readonly written: (sessionId: string) => Promise<void>,
  ) {}

  /** @throws Problem 404; NotOwnerError, SessionError */
  async of(sessionId: string): Promise<SessionHistory> {
    await this.written(sessionId);
    const live = await this.node.desk.view(sessionId, (state, { shard, n }) => ({
      shard, through: n, ended: hasEnded(state), deck: deckOf(state), revision: state.revisions.length, standingsHash: presentHash(state),
    }));
    const head = live === undefined || live.ended ? await this.store.head(sessionId) : undefined;
    if (head !== undefined && (live === undefined || head.revision === live.revision)) {
      const { header, turns } = await openArchive(this.store.lines(sessionId, head));
      const { revision, standingsHash } = live ?? head;
      return { source: 'archive', archiveSha256: head.sha256, shard: header.shard, deck: header.deck, turns: breathing(turns), revision, standingsHash };
    }
    if (live === undefined) throw notFound('session');
    const { shard, through, ...said } = live;
    const from = (await this.index.origin(sessionId))?.log.offset ?? 0;
    return { source: 'journal', shard, turns: breathing(sessionTurns(this.node.journal, sessionId, { shard, from, through })), ...said };
  }

  /** The state that an ended session was archived with; undefined when there is no archive. */
  async archivedState(sessionId: string): Promise<SessionState | undefined> {
    const head = await this.store.head(sessionId);
    return head && this.#stateOf(sessionId, head);
  }

  async #stateOf(sessionId: string, head: ArchiveHead): Promise<SessionState> {
    const { header, turns } = await openArchive(this.store.lines(sessionId, head));
    return (await replay(sessionId, header.shard, header.deck, breathing(turns))).state;
  }
}
