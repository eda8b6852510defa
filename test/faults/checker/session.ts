/** Everything about one session that the checks need: what the journal says, what its clients said and heard. */
import { factsOf, type SessionFacts } from '../../checker/facts.js';
import type { AcceptedTurn } from '../../checker/turn.js';
import type { ShardLog } from './log.js';
import type { SessionHistory } from './people.js';

export interface SessionEvidence {
  readonly history: SessionHistory;
  readonly shard: number;
  /** Times of landing are offsets here: they order, and name, the turns of the shard. */
  readonly facts: SessionFacts;
  readonly turns: readonly AcceptedTurn[];
  readonly log: ShardLog;
}

/** @returns null where the journal knows nothing of the session */
export function evidenceOf(history: SessionHistory, shard: number, log: ShardLog, turns: readonly AcceptedTurn[]): SessionEvidence | null {
  const facts = factsOf(shard, history.sid, turns.map((turn) => ({ ...turn, landedAt: turn.offset })));
  return facts === null ? null : { history, shard, facts, turns, log };
}
