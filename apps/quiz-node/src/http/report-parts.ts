/**
 * A report of any size. A turn holds up everything else on the node, so of a large session each question is looked at in a turn of its own, and what is sent is
 * made in slices. All of it is of one state, that of the last turn: only the last question still gets answers, so it is read together with the head, and should the
 * others have changed since they were read, they are read again; in the end all at once.
 */
import { setImmediate } from 'node:timers/promises';
import { reportAnswers, reportHead, type ReportAnswer, type ReportHead } from '../quiz/views/report.js';
import { isRanked } from '../quiz/state/players.js';
import type { SessionState } from '../quiz/state/state.js';
import { csvRows } from './formats/report-csv.js';
import type { Look } from './session-access.js';

/** Answers that are read in one turn. */
const atOnceMax = 5_000;
const triesMax = 3;
const sliceRows = 500;

export interface ReportParts {
  readonly head: ReportHead;
  /** By question, in the quiz's order. */
  readonly answers: readonly (readonly ReportAnswer[])[];
}

/** Of one state, whatever happens meanwhile. */
export async function readReport(look: Look): Promise<ReportParts> {
  const small = await look((state) => (answersIn(state) <= atOnceMax ? partsOf(state) : undefined));
  if (small !== undefined) return small;
  for (let attempt = 1; attempt <= triesMax; attempt += 1) {
    const { settled, mark } = await look((state) => ({ settled: state.runs.length - 1, mark: markOf(state) }));
    const answers: (readonly ReportAnswer[])[] = [];
    for (let index = 0; index < settled; index += 1) answers.push(await look((state) => reportAnswers(state, index)));
    const rest = await look((state) => (markOf(state) === mark ? { head: reportHead(state), last: reportAnswers(state, settled) } : undefined));
    if (rest !== undefined) return { head: rest.head, answers: [...answers, rest.last] };
  }
  return look(partsOf);
}

function partsOf(state: SessionState): ReportParts {
  return { head: reportHead(state), answers: state.runs.map((_run, index) => reportAnswers(state, index)) };
}

const answersIn = (state: SessionState): number => state.runs.reduce((sum, run) => sum + run.answered, 0);

/** Differs when the rows of a question before the last one may: by a reveal, void or correction, another question, or a player who was sent away. */
function markOf({ revisions, runs, players }: SessionState): string {
  let away = 0;
  for (let row = 0; row < players.count; row += 1) if (!isRanked(players, row)) away += 1;
  return [revisions.length, runs.length, away].join(' ');
}

export async function* reportJson({ head, answers }: ReportParts): AsyncGenerator<string> {
  yield `${JSON.stringify(head).slice(0, -1)},"answers":[`;
  let separator = '';
  for (const slice of slices(answers.flat())) {
    yield separator + slice.map((answer) => JSON.stringify(answer)).join(',');
    separator = ',';
    await setImmediate();
  }
  yield ']}';
}

export async function* reportCsv({ head, answers }: ReportParts): AsyncGenerator<string> {
  const { header, rowOf } = csvRows(head, answers);
  yield header;
  for (const slice of slices(head.players)) {
    yield slice.map(rowOf).join('');
    await setImmediate();
  }
}

function* slices<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < rows.length; at += sliceRows) yield rows.slice(at, at + sliceRows);
}
