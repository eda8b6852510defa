/** What happened in one session, gathered from the accepted records of the raw log by a reducer of its own: it shares no code with the engine. */
import type { AnswerValue, KeyValue } from '../../apps/quiz-node/src/quiz/definition.js';
import type { AcceptedTurn, RawEvent } from './turn.js';

/** One change of the times of a question. */
export interface Times {
  readonly epoch: number;
  readonly opensAt: number;
  readonly closesAt: number;
  readonly landedAt: number;
  readonly reason: string;
  /** Until when an outage went. */
  readonly to: number | undefined;
}

export interface Still {
  readonly from: number;
  readonly to: number;
}

export interface CountedAnswer {
  readonly playerId: string;
  readonly qid: string;
  readonly answerId: string;
  readonly value: AnswerValue;
  readonly recvAt: number;
  readonly creditMs: number;
  readonly epoch: number;
  readonly n: number;
  readonly place: number;
}

export interface QuestionFacts {
  readonly qid: string;
  readonly times: Times[];
  /** Frozen stretches: pauses and outages that began after it opened. */
  readonly frozen: Still[];
  /** The host's, with the session time at which each was given. */
  readonly extensions: { readonly at: number; readonly ms: number }[];
  readonly answers: CountedAnswer[];
  readonly eligible: Set<string>;
  openedPlace: number;
  closed: { readonly at: number; readonly epoch: number; readonly reason: string; readonly place: number; readonly landedAt: number } | null;
  revealed: boolean;
  /** Skipped or voided: nobody scores. */
  unscored: boolean;
  /** What a correction has put in the deck's place. */
  corrected: { readonly key: KeyValue } | null;
}

/** What a revision counts: kept as it was then, because later events change questions and players. */
export interface Revision {
  readonly players: readonly string[];
  readonly counted: readonly { readonly question: QuestionFacts; readonly key: KeyValue | undefined }[];
}

export interface SessionFacts {
  readonly sessionId: string;
  readonly shard: number;
  readonly turns: readonly AcceptedTurn[];
  readonly created: RawEvent;
  readonly questions: QuestionFacts[];
  /** All who ever were in, in the order of joining. */
  readonly players: string[];
  /** Who was kicked or banned: place and world time. */
  readonly removed: Map<string, { readonly place: number; readonly landedAt: number }>;
  /** What the standings were made of each time they were published, revision 1 first. */
  readonly revisions: Revision[];
  /** How many there were at the end; 0 before it. */
  revisionsAtEnd: number;
  readonly pauses: { from: number; to: number }[];
  finished: boolean;
}

export function factsOf(shard: number, sessionId: string, turns: readonly AcceptedTurn[]): SessionFacts | null {
  const created = turns[0]?.events[0];
  if (created?.type !== 'session.created') return null;
  const facts: SessionFacts = { sessionId, shard, turns, created, questions: [], players: [], removed: new Map(), revisions: [], revisionsAtEnd: 0, pauses: [], finished: false };
  let place = 0;
  for (const turn of turns) for (const event of turn.events) take(facts, event, turn, ++place);
  return facts;
}

function take(facts: SessionFacts, event: RawEvent, { at, epoch, n, landedAt }: AcceptedTurn, place: number): void {
  const current = facts.questions.at(-1);
  const retime = (reason: string): void => void current?.times.push({ epoch, opensAt: event['opensAt'], closesAt: event['closesAt'], landedAt, reason, to: event['to'] });
  switch (event.type) {
    case 'player.joined':
      facts.players.push(event['playerId']);
      return;
    case 'question.previewed':
      facts.questions.push({ qid: event['qid'], times: [], frozen: [], extensions: [], answers: [], eligible: new Set(), openedPlace: Infinity, closed: null, revealed: false, unscored: false, corrected: null });
      return;
    case 'question.opened':
      if (current === undefined) return;
      current.openedPlace = place;
      for (const playerId of facts.players) if (!facts.removed.has(playerId)) current.eligible.add(playerId);
      return retime('opened');
    case 'question.extended':
      if (event['reason'] === 'outage' && current !== undefined && event['from'] >= (current.times.at(-1)?.opensAt ?? 0)) current.frozen.push({ from: event['from'], to: event['to'] });
      if (event['reason'] === 'host') current?.extensions.push({ at, ms: event['byMs'] });
      return retime(event['reason']);
    case 'session.paused':
      facts.pauses.push({ from: event['from'], to: Infinity });
      return;
    case 'session.resumed': {
      const pause = facts.pauses.at(-1);
      if (pause !== undefined) pause.to = at;
      if (event['closesAt'] === undefined || current === undefined || pause === undefined) return;
      if (pause.from >= (current.times.at(-1)?.opensAt ?? 0)) current.frozen.push({ from: pause.from, to: at });
      return retime('pause');
    }
    case 'answer.accepted':
      facts.questions
        .find(({ qid }) => qid === event['qid'])
        ?.answers.push({ playerId: event['playerId'], qid: event['qid'], answerId: event['answerId'], value: event['value'], recvAt: event['recvAt'], creditMs: event['creditMs'], epoch, n, place });
      return;
    case 'question.closed':
      if (current !== undefined) current.closed = { at, epoch, reason: event['reason'], place, landedAt };
      return;
    case 'session.cancelled':
      if (current !== undefined) current.closed ??= { at, epoch, reason: 'cancelled', place, landedAt };
      return;
    case 'question.revealed':
      if (current === undefined) return;
      current.revealed = true;
      current.unscored ||= event['unscored'] === true;
      return publish(facts);
    case 'question.voided':
      for (const question of facts.questions) if (question.qid === event['qid']) question.unscored = true;
      return;
    case 'key.corrected':
      for (const question of facts.questions) if (question.qid === event['qid']) question.corrected = { key: event['key'] };
      return;
    case 'scores.revised':
      return publish(facts);
    case 'player.kicked':
    case 'player.banned':
      if (!facts.removed.has(event['playerId'])) facts.removed.set(event['playerId'], { place, landedAt });
      return;
    case 'session.finished':
      facts.finished = true;
      publish(facts);
      facts.revisionsAtEnd = facts.revisions.length;
      return;
    default:
  }
}

/** Everybody who is ranked now, and every question that counts now. */
function publish({ players, removed, questions, revisions }: SessionFacts): void {
  revisions.push({
    players: players.filter((playerId) => !removed.has(playerId)),
    counted: questions.filter(({ revealed, unscored }) => revealed && !unscored).map((question) => ({ question, key: question.corrected?.key })),
  });
}
