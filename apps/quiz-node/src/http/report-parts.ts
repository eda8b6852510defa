/**
 * A report of any size. A turn holds up everything else on the node, so of a large session each question is looked at in a turn of its own, and what is sent is
 * made in slices. Players and hash are always of one moment; should something happen while the answers are read, they are read again.
 */
import { setImmediate } from 'node:timers/promises';
import { reportAnswers, reportHead, type ReportAnswer, type ReportHead } from '../quiz/views/report.js';
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

export async function readReport(look: Look): Promise<ReportParts> {
  const small = await look((state) => (answersIn(state) <= atOnceMax ? partsOf(state) : undefined));
  if (small !== undefined) return small;
  for (let attempt = 1; ; attempt += 1) {
    const { head, shown, mark } = await look((state) => ({ head: reportHead(state), shown: state.runs.length, mark: markOf(state) }));
    const answers: (readonly ReportAnswer[])[] = [];
    for (let index = 0; index < shown; index += 1) answers.push(await look((state) => reportAnswers(state, index)));
    if (attempt === triesMax || (await look(markOf)) === mark) return { head, answers };
  }
}

function partsOf(state: SessionState): ReportParts {
  return { head: reportHead(state), answers: state.runs.map((_run, index) => reportAnswers(state, index)) };
}

const answersIn = (state: SessionState): number => state.runs.reduce((sum, run) => sum + run.answered, 0);

/** Differs when anything has happened in between. */
function markOf({ s, lastAt, players, runs }: SessionState): string {
  return [s, lastAt, players.count, players.inCount, runs.at(-1)?.answered ?? 0].join(' ');
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
