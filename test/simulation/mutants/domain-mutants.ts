/** Faults in the quiz itself that only commands beyond the ordinary game, or other kinds of question, can show. */
import type { Mutant } from './mutant.js';

const quiz = 'apps/quiz-node/src/quiz';

export const domainMutants: readonly Mutant[] = [
  { name: 'kicked-plays-on', rule: 'who was sent away answers no more', file: `${quiz}/decide/answer.ts`, find: 'if (!isIn(state.players, row) || !isEligible(run, state.players, row)) return refuse(306);', replace: '', breaks: 'I5', seed: 3 },
  { name: 'kicked-stays-ranked', rule: 'who was sent away leaves the ranking', file: `${quiz}/state/players.ts`, find: 'return (cell(players, row, STATUS) & 3) <= LEFT;', replace: 'return row >= 0 && players.count > 0;', breaks: 'I7', seed: 2 },
  { name: 'correction-without-effect', rule: 'a correction counts again', file: `${quiz}/evolve/questions.ts`, find: 'runOf(state, event.qid).corrected = { key: event.key };', replace: '', breaks: 'I7', seed: 3 },
  { name: 'void-counts', rule: 'a voided question is unscored', file: `${quiz}/evolve/questions.ts`, find: "export function onVoided(state: SessionState, event: QuestionVoided): void {\n  runOf(state, event.qid).voided = true;", replace: "export function onVoided(state: SessionState, event: QuestionVoided): void {\n  runOf(state, event.qid).voided ||= false;", breaks: 'I7', seed: 22 },
  { name: 'poll-ends-streak', rule: 'a poll leaves the streak', file: `${quiz}/state/grading.ts`, find: "const scored = question.type !== 'poll' && !run.voided;", replace: 'const scored = !run.voided;', breaks: 'I7', seed: 169 },
  { name: 'picks-all-pays', rule: 'hamming: a wrong pick costs as much as a missed one', file: `${quiz}/answer-value.ts`, find: 'const h = key.length + value.length - 2 * common;', replace: 'const h = key.length - common;', breaks: 'I7', seed: 4 },
];
