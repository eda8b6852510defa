/** The sessions' behavior as the region gets it, with an ear on it for branches that cannot be seen from outside. It changes nothing. */
import type { Behavior } from '@ringmaster/actors';
import type { SessionEdge } from '../../../apps/quiz-node/src/session/session-edge.js';
import type { Event } from '../../../apps/quiz-node/src/session/domain.js';
import type { SessionCommand, SessionReply } from '../../../apps/quiz-node/src/session/session-command.js';
import type { SessionEntity } from '../../../apps/quiz-node/src/session/session-entity.js';
import type { SessionOutput } from '../../../apps/quiz-node/src/session/session-output.js';
import type { World } from './world.js';

type SessionBehavior = Behavior<SessionCommand, Event, SessionEntity, SessionOutput, SessionReply>;

export function watched({ behavior, presence }: SessionEdge, { sometimes }: Pick<World, 'sometimes'>): SessionBehavior {
  const stashed = new WeakSet<SessionCommand>();
  return {
    ...behavior,
    decide: (state, command, at) => {
      const decision = behavior.decide(state, command, at);
      if (decision.kind === 'stash') {
        stashed.add(command);
        sometimes.note('late answer held');
      } else if (stashed.has(command)) sometimes.note(decision.events.length > 0 ? 'held 301 rejudged and accepted' : 'held 301 rejudged');
      return decision;
    },
    deadlineCommand: (state) => {
      if (presence.of(state.sessionId) === undefined) sometimes.note('deadline of a session without sockets');
      return behavior.deadlineCommand(state);
    },
    outageCommand: (state, outage) => {
      const command = behavior.outageCommand(state, outage);
      if (command !== null && outage.to > outage.from) sometimes.note('outage accounted for');
      return command;
    },
    restore: (entityId, head, parts) => {
      sometimes.note('session restored from a snapshot');
      return behavior.restore(entityId, head, parts);
    },
  };
}
