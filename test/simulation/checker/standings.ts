/**
 * I7: after the end everybody shows the same standings, and they are those of the log. Scores are worked out here anew from the formulas of the scoring
 * document, in whole numbers, for the kinds of question that the simulation plays.
 */
import { createHash } from 'node:crypto';
import type { Deck } from '../../../apps/quiz-node/src/quiz/definition.js';
import type { PersonHistory } from '../clients/history.js';
import type { Violation } from '../cluster/observed.js';
import type { CountedAnswer, QuestionFacts, SessionFacts } from './facts.js';

interface Row {
  readonly playerId: string;
  score: number;
  correct: number;
  sumE: number;
  streak: number;
  rank: number;
}

export function standingsOf({ players, questions, created }: SessionFacts, deck: Deck): Row[] {
  const rows = players.map((playerId): Row => ({ playerId, score: 0, correct: 0, sumE: 0, streak: 0, rank: 0 }));
  for (const facts of questions) {
    if (!facts.revealed || facts.unscored) continue;
    const index = deck.questions.findIndex(({ qid }) => qid === facts.qid);
    const { points = 0, limitMs = 0 } = deck.questions[index] ?? {};
    for (const row of rows) {
      if (!facts.eligible.has(row.playerId)) continue;
      const answer = facts.answers.find(({ playerId }) => playerId === row.playerId);
      if (answer === undefined || answer.value !== deck.keys[index]?.key) {
        row.streak = 0;
        continue;
      }
      const e = elapsed(facts, answer, limitMs);
      row.streak++;
      row.correct++;
      row.sumE += e;
      row.score += speed(created['settings'].scoring, points, limitMs, e);
      if (created['settings'].streak && points > 0) row.score += Math.min(100 * (row.streak - 1), 500);
    }
  }
  for (const row of rows) row.rank = 1 + rows.filter((other) => isAhead(other, row)).length;
  return rows.sort((a, b) => a.rank - b.rank || (a.playerId < b.playerId ? -1 : 1));
}

const isAhead = (a: Row, b: Row): boolean =>
  a.score !== b.score ? a.score > b.score : a.correct !== b.correct ? a.correct > b.correct : a.sumE < b.sumE;

function elapsed({ times, frozen, extensions }: QuestionFacts, { recvAt, creditMs }: CountedAnswer, limitMs: number): number {
  const { opensAt = 0 } = times.at(-1) ?? {};
  // Its end as it stood when the answer arrived, whatever has moved it later.
  let closesAt = opensAt + limitMs;
  for (const { from, to } of frozen) if (from <= recvAt) closesAt += to - from;
  for (const { at, ms } of extensions) if (at <= recvAt) closesAt += ms;
  if (recvAt > closesAt) return limitMs;
  const still = frozen.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(recvAt, to) - from), 0);
  return Math.max(0, Math.min(limitMs, recvAt - opensAt - still - creditMs));
}

function speed(policy: string, points: number, limitMs: number, e: number): number {
  switch (policy) {
    case 'halfDecay@1':
      return e < 500 ? points : Math.floor((points * (2 * limitMs - e) + limitMs) / (2 * limitMs));
    case 'fullDecay@1':
      return Math.floor((2 * points * (limitMs - e) + limitMs) / (2 * limitMs));
    case 'flat@1':
      return points;
    default:
      throw new Error(`no formula for ${policy}`);
  }
}

const hashOf = (rows: readonly Row[]): string =>
  createHash('sha256').update(JSON.stringify(rows.map(({ rank, playerId, score, correct, sumE }) => [rank, playerId, score, correct, sumE]))).digest('hex');

export function checkStandings(facts: SessionFacts, deck: Deck, people: readonly PersonHistory[]): Violation[] {
  const found: Violation[] = [];
  const wrong = (about: string): void => void found.push({ invariant: 'I7', about: `${facts.sessionId}: ${about}` });
  if (!facts.finished) return found;
  const rows = standingsOf(facts, deck);
  const hash = hashOf(rows);
  for (const { name, playerId, finished } of people) {
    if (finished === null) continue;
    const { t, d } = finished.frame;
    if (t === 'session.finished' && d.standingsHash !== hash) wrong(`${name} was told standings ${d.standingsHash}, the log says ${hash} ${JSON.stringify(rows)} ${JSON.stringify(d.podium)}`);
    if (t !== 'snapshot') continue;
    const own = rows.find((row) => row.playerId === playerId);
    if (own !== undefined && (d.me?.score !== own.score || d.me.rank !== own.rank)) wrong(`${name} is shown ${JSON.stringify(d.me)}, the log says ${JSON.stringify(own)}`);
    for (const item of (d.top ?? []) as { playerId: string; rank: number; score: number }[]) {
      const row = rows.find((each) => each.playerId === item.playerId);
      if (row?.score !== item.score || row.rank !== item.rank) wrong(`${name} is shown ${JSON.stringify(item)} in the top, the log says ${JSON.stringify(row)}`);
    }
  }
  return found;
}
