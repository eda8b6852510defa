/** A session as its events tell it: read from the journal, and folded again. Owns nothing; whoever reads an open session says up to which record. */
import { entityTurns, type Journal } from '@ringmaster/actors';
export { TrimmedError } from '@ringmaster/actors';
import type { Deck } from '../quiz/definition.js';
import { eventTypes, initialState, quizDecider, type Event, type QuizState } from './domain.js';
import { eventReader } from './event-codec.js';

/** The events of one turn, with their place in the journal. */
export interface SessionTurn {
  readonly n: number;
  readonly epoch: number;
  /** Session time, ms. */
  readonly at: number;
  readonly events: readonly Event[];
}

export interface LogPlace {
  readonly shard: number;
  /** Nothing of the session lies before this offset. */
  readonly from: number;
  /** The last record number to look at. */
  readonly through: number;
  /** Only what was accepted after this record. */
  readonly after?: { readonly epoch: number; readonly n: number };
}

export const readEvent = eventReader<Event>({ types: eventTypes });

/** @throws TrimmedError when the log does not reach back so far; JournalError, UnknownEventError */
export async function* sessionTurns(journal: Journal, sessionId: string, place: LogPlace): AsyncGenerator<SessionTurn> {
  for await (const page of entityTurns(journal, { entityId: sessionId, ...place })) {
    for (const { n, epoch, at, v, events } of page) yield { n, epoch, at, events: events.map((event) => readEvent(event, v)) };
  }
}

/** What the domain makes of these turns from nothing: nobody's memory goes into it. */
export async function replay(sessionId: string, shard: number, deck: Deck, turns: AsyncIterable<SessionTurn>): Promise<{ readonly state: QuizState; readonly events: number }> {
  const state = initialState(sessionId, (sha256) => {
    if (sha256 !== deck.sha256) throw new Error(`session ${sessionId} plays deck ${sha256}, and not ${deck.sha256}`);
    return deck;
  });
  let events = 0;
  for await (const turn of turns) {
    for (const event of turn.events) quizDecider.evolve(state, event, { shard, epoch: turn.epoch, n: turn.n, at: turn.at });
    events += turn.events.length;
  }
  return { state, events };
}
