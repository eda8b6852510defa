/** Questions that the session layer itself puts to a session, through the mailbox and the gate like all others. Nobody waits for them: a lost one is asked again. */
import type { RegionPort } from '@ringmaster/actors';
import type { ServerPayload } from '@ringmaster/protocol';
import { liveBoard } from './domain.js';
import type { SessionCommand, SessionReply } from './session-command.js';

export type LiveBoard = ServerPayload<'leaderboard'>;

export class SessionQueries {
  constructor(private readonly region: () => RegionPort<SessionCommand, SessionReply>) {}

  closeIfAll(sessionId: string): void {
    this.#tell(sessionId, 'ordered', { type: 'closeIfAll' }, () => undefined);
  }

  /** The standings as if the question ended now. */
  liveBoard(sessionId: string, then: (board: LiveBoard) => void): void {
    this.#tell(sessionId, 'rest', { type: 'query', read: liveBoard }, (reply) => {
      if (reply.ok && reply.type === 'view') then(reply.value as LiveBoard);
    });
  }

  #tell(entityId: string, lane: 'ordered' | 'rest', command: SessionCommand, replied: (reply: SessionReply) => void): void {
    this.region().tell({ entityId, lane, command, replied, dropped: () => undefined });
  }
}
