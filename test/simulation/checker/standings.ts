/**
 * I7: after the end everybody shows the same standings, and they are those of the log. Scores are worked out here anew from the formulas of the scoring
 * document, in whole numbers, for the kinds of question that the simulation plays.
 */
import { createHash } from 'node:crypto';
import type { Deck, KeyValue } from '../../../apps/quiz-node/src/quiz/definition.js';
import type { PersonHistory } from '../clients/history.js';
import type { Violation } from '../cluster/observed.js';
import { partOf } from './correctness.js';
import type { CountedAnswer, QuestionFacts, Revision, SessionFacts } from './facts.js';

interface Row {
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
    for (const row of rows) {
      if (!facts.eligible.has(row.playerId)) continue;
      const answer = facts.answers.find(({ playerId }) => playerId === row.playerId);
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

/** Every revision that somebody was told of is that of the log; after the end, so are the final ones. */
export function checkStandings(facts: SessionFacts, deck: Deck, people: readonly PersonHistory[]): Violation[] {
  const found: Violation[] = [];
  const wrong = (about: string): void => void found.push({ invariant: 'I7', about: `${facts.sessionId}: ${about}` });
  const revisions = facts.revisions.map((revision) => standingsOf(facts, revision, deck));
  const atReveal = facts.created['settings'].liveScores === 'reveal';
  for (const { name, playerId, finished, tabs } of people) {
    for (const { frame } of tabs.flatMap(({ heard }) => heard)) {
      const { t, d, s } = frame;
      const rows = revisions[d?.revision - 1];
      if (t === 'leaderboard' && s !== undefined) checkTop(name, d, rows, wrong);
      if (t === 'me.result' && atReveal) {
        const own = rows?.find((row) => row.playerId === playerId);
        if (own === undefined || own.score !== d.score || own.rank !== d.rank || rows?.length !== d.of) wrong(`${name} is told ${JSON.stringify(d)}, the log says ${JSON.stringify(own)}`);
      }
      if (t === 'session.finished' && (d.revision !== facts.revisionsAtEnd || d.standingsHash !== hashOf(rows ?? []))) wrong(`${name} was told standings ${d.standingsHash}, the log says ${JSON.stringify(rows)} ${JSON.stringify(d.podium)}`);
    }
    if (finished?.frame.t !== 'snapshot') continue;
    // It may have been taken after a correction of the end.
    const last = revisions.slice(facts.revisionsAtEnd - 1);
    const { me, top = [] } = finished.frame.d;
    const isOf = (rows: readonly Row[]): boolean => {
      const own = rows.find((row) => row.playerId === playerId);
      return (own === undefined || (me?.score === own.score && me.rank === own.rank)) && (top as readonly Item[]).every((item) => isShown(item, rows));
    };
    if (!last.some(isOf)) wrong(`${name} is shown ${JSON.stringify(me)} ${JSON.stringify(top)}, the log says ${JSON.stringify(last)}`);
  }
  return found;
}

interface Item {
  readonly playerId: string;
  readonly rank: number;
  readonly score: number;
}

const isShown = ({ playerId, rank, score }: Item, rows: readonly Row[]): boolean => rows.some((row) => row.playerId === playerId && row.rank === rank && row.score === score);

function checkTop(name: string, d: { readonly revision: number; readonly of: number; readonly top: readonly Item[] }, rows: readonly Row[] | undefined, wrong: (about: string) => void): void {
  if (rows === undefined || rows.length !== d.of || !d.top.every((item) => isShown(item, rows))) wrong(`${name} is shown ${JSON.stringify(d)}, the log says ${JSON.stringify(rows)}`);
}
