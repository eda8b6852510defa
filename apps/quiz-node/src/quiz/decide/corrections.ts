/** What is set right without being a host's command: keys, bans, and sessions that nobody wants any more. */
import type { Command } from '../commands.js';
import { normaliseKey } from '../deck/key.js';
import { BANNED, membershipOf, rowOf } from '../state/players.js';
import { hasEnded, indexOfQid, questionAt } from '../state/state.js';
import type { SessionState } from '../state/state.js';
import { isCmdId, knownCommand } from './host.js';
import { REASON_MAX } from './orders.js';
import { accept, agree, DONE, refuse } from './verdict.js';
import type { Verdict } from './verdict.js';

const isNamed = (cmdId: string | undefined): boolean => cmdId === undefined || isCmdId(cmdId);
const named = (cmdId: string | undefined): { cmdId?: string } => (cmdId === undefined ? {} : { cmdId });

/** Another key for a revealed question that counts; before the end or after it. The commitment stays what it was. */
export function decideCorrectKey(state: SessionState, command: Extract<Command, { type: 'correctKey' }>): Verdict {
  const { qid, reason, cmdId } = command;
  const known = knownCommand(state, cmdId);
  if (known !== undefined) return agree({ ok: true, type: 'revised', revision: known.revision ?? state.revisions.length, dup: true });
  const index = indexOfQid(state, qid);
  if (index < 0 || !isNamed(cmdId) || typeof reason !== 'string' || reason.length > REASON_MAX) return refuse(102);
  const question = questionAt(state, index);
  const checked = normaliseKey(question, command.key);
  if (!checked.ok) return refuse(102, { detail: `key${checked.errors[0]?.pointer ?? ''} ${checked.errors[0]?.detail ?? 'is wrong'}` });
  if (question.type === 'poll') return refuse(102, { detail: 'a poll has no key' });
  const { key } = checked;
  const run = state.runs[index];
  if (state.phase === 'cancelled' || run === undefined || !run.revealed || run.voided) return refuse(401);
  return {
    kind: 'answer',
    events: [{ type: 'key.corrected', qid, key, reason, ...named(cmdId) }, { type: 'scores.revised', qid, reason, key }],
    reply: (after) => ({ ok: true, type: 'revised', revision: after.revisions.length }),
  };
}

export function decideUnban(state: SessionState, command: Extract<Command, { type: 'unban' }>): Verdict {
  const { playerId, cmdId } = command;
  if (knownCommand(state, cmdId) !== undefined) return agree(DONE);
  if (!isNamed(cmdId)) return refuse(102);
  const row = rowOf(state.players, playerId);
  if (row < 0 || membershipOf(state.players, row) !== BANNED) return refuse(402);
  return accept([{ type: 'player.unbanned', playerId, ...named(cmdId) }], DONE);
}

/** Only what has ended can be forgotten: nobody plays it any more. */
export function decidePurge(state: SessionState): Verdict {
  return hasEnded(state) ? accept([{ type: 'session.purged' }], DONE) : refuse(401);
}

export function decideCancel(state: SessionState, command: Extract<Command, { type: 'cancel' }>): Verdict {
  if (state.phase === 'cancelled') return agree(DONE);
  if (hasEnded(state)) return refuse(401);
  return accept([{ type: 'session.cancelled', reason: command.reason }], DONE);
}
