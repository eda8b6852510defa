/** The domain's face: three pure functions and the next deadline. No I/O, no clock, no randomness; `evolve` may change the state in place. */
import type { Command } from './commands.js';
import { nextDeadline } from './deadline.js';
import { decide } from './decide/decide.js';
import type { Deadline, Decision, TurnMeta } from './decision.js';
import type { Event } from './events.js';
import { evolve } from './evolve/evolve.js';
import type { Output } from './outputs.js';
import { outputs } from './outputs/outputs.js';
import type { Reply } from './replies.js';
import type { SessionState } from './state/state.js';

export interface Decider<State, Event, Output, Reply> {
  decide(state: State, command: Command, at: number): Decision<Event, State, Reply>;
  evolve(state: State, event: Event, meta: TurnMeta): void;
  outputs(state: State, event: Event, meta: TurnMeta): readonly Output[];
  nextDeadline(state: State): Deadline | null;
}

/** The rules of a quiz session. Its initial state is `initialState` in state/state.ts. */
export const quizDecider: Decider<SessionState, Event, Output, Reply> = { decide, evolve, outputs, nextDeadline };
export { initialState } from './state/state.js';
export type { DeckLookup, SessionState } from './state/state.js';
