/** One verdict for every command in every state. Pure: it reads the state and never writes; refusals are values. */
import type { Command } from '../commands.js';
import type { SessionState } from '../state/state.js';
import { decideAnswer, decideCloseIfAll } from './answer.js';
import { decideCancel, decideCorrectKey, decidePurge, decideUnban } from './corrections.js';
import { decideCreate } from './create.js';
import { decideHost } from './host.js';
import { decideJoin, decideLeave, decideSetNickname } from './join.js';
import { decideDeadline, decideOutage } from './time.js';
import { agree, DONE, refuse } from './verdict.js';
import type { Verdict } from './verdict.js';

/** Commands of the runtime itself: where there is no session they are about nothing. */
const OWN: ReadonlySet<Command['type']> = new Set<Command['type']>(['deadline', 'closeIfAll', 'outage']);

/** `at`: session time of the turn, ms. */
export function decide(state: SessionState, command: Command, at: number): Verdict {
  if (command.type === 'create') return decideCreate(state, command);
  if (state.created === null) return OWN.has(command.type) ? agree(DONE) : refuse(210);
  switch (command.type) {
    case 'answer': return decideAnswer(state, command, at);
    case 'join': return decideJoin(state, command);
    case 'setNickname': return decideSetNickname(state, command);
    case 'leave': return decideLeave(state, command);
    case 'host': return decideHost(state, command, at);
    case 'correctKey': return decideCorrectKey(state, command);
    case 'unban': return decideUnban(state, command);
    case 'cancel': return decideCancel(state, command);
    case 'purge': return decidePurge(state);
    case 'deadline': return decideDeadline(state, command, at);
    case 'closeIfAll': return decideCloseIfAll(state, command);
    case 'outage': return decideOutage(state, command);
  }
}
