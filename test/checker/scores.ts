/** Scores and ranks worked out anew from the formulas of the scoring document, in whole numbers: the engine's are compared with them. O(N log N). */
import { createHash } from 'node:crypto';
import type { Deck, KeyValue } from '../../apps/quiz-node/src/quiz/definition.js';
import { partOf } from './correctness.js';
import type { CountedAnswer, QuestionFacts, Revision, SessionFacts } from './facts.js';

export interface Row {
  readonly playerId: string;
  score: number;
  correct: number;
  sumE: number;
  streak: number;
  rank: number;
}

export function standingsOf({ created }: SessionFacts, { players, counted }: Revision, deck: Deck): Row[] {
  const rows = players.map((playerId): Row => ({ playerId, score: 0, correct: 0, sumE: 0, streak: 0, rank: 0 }));
  const { scoring, streak } = created['settings'];
  for (const { question: facts, key } of counted) {
    const index = deck.questions.findIndex(({ qid }) => qid === facts.qid);
    const question = deck.questions[index];
    if (question === undefined || question.type === 'poll') continue;
    const { points, limitMs } = question;
    const answers = new Map(facts.answers.toReversed().map((answer) => [answer.playerId, answer])); // the first one counts
    for (const row of rows) {
      if (!facts.eligible.has(row.playerId)) continue;
      const answer = answers.get(row.playerId);
      const { num, den } = answer === undefined ? { num: 0, den: 1 } : partOf(question, key ?? (deck.keys[index]?.key as KeyValue), answer.value);
      if (answer === undefined || num < den) row.streak = 0;
      if (answer === undefined || num === 0) continue;
      const e = elapsed(facts, answer, limitMs);
      row.score += Math.floor((speed(scoring, points, limitMs, e) * num + Math.floor(den / 2)) / den);
      if (num < den) continue;
      row.streak++;
      row.correct++;
      row.sumE += e;
      if (streak && points > 0) row.score += Math.min(100 * (row.streak - 1), 500);
    }
  }
  rows.sort((a, b) => order(a, b) || (a.playerId < b.playerId ? -1 : 1));
  rows.forEach((row, place) => {
    const before = rows[place - 1];
    row.rank = before !== undefined && order(before, row) === 0 ? before.rank : place + 1;
  });
  return rows;
}

/** 0: they share a rank. */
const order = (a: Row, b: Row): number => b.score - a.score || b.correct - a.correct || a.sumE - b.sumE;

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

export const hashOf = (rows: readonly Row[]): string =>
  createHash('sha256').update(JSON.stringify(rows.map(({ rank, playerId, score, correct, sumE }) => [rank, playerId, score, correct, sumE]))).digest('hex');
