/** Where a session stands, for those who run it. */
import type { SessionSettings } from '../definition.js';
import type { Phase } from '../replies.js';
import { BANNED, KICKED, LEFT, membershipOf } from '../state/players.js';
import { wasOpened } from '../state/question-run.js';
import { createdOf, currentRun, isPaused, questionAt } from '../state/state.js';
import type { SessionState } from '../state/state.js';

export interface HostView {
  readonly sessionId: string;
  readonly quizId?: string;
  readonly title: string;
  readonly owner: string;
  readonly createdAt: number;
  readonly phase: Phase;
  readonly paused: boolean;
  readonly locked: boolean;
  readonly position: { readonly e: string; readonly s: number };
  readonly revision: number;
  readonly questions: number;
  readonly question?: { readonly qid: string; readonly n: number; readonly answered: number; readonly eligible: number; readonly opensAt?: number; readonly closesAt?: number };
  readonly players: { readonly in: number; readonly left: number; readonly kicked: number; readonly banned: number };
  readonly settings: SessionSettings;
}

export function hostView(state: SessionState): HostView {
  const { deck, settings, e, owner, quizId, at } = createdOf(state);
  const run = currentRun(state);
  const { players } = state;
  const counts = [0, 0, 0, 0];
  for (let row = 0; row < players.count; row += 1) {
    const membership = membershipOf(players, row);
    counts[membership] = (counts[membership] as number) + 1;
  }
  return {
    sessionId: state.sessionId,
    ...(quizId !== null && { quizId }),
    title: deck.title,
    owner,
    createdAt: at,
    phase: state.phase,
    paused: isPaused(state),
    locked: state.locked,
    position: { e, s: state.s },
    revision: state.revisions.length,
    questions: deck.questions.length,
    ...(run !== null && {
      question: {
        qid: questionAt(state, run.index).qid,
        n: run.index + 1,
        answered: run.answered,
        eligible: run.eligible,
        ...(wasOpened(run) && { opensAt: run.opensAt, closesAt: run.closesAt }),
      },
    }),
    players: { in: players.inCount, left: counts[LEFT] as number, kicked: counts[KICKED] as number, banned: counts[BANNED] as number },
    settings,
  };
}
