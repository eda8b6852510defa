/** A state as plain data, so that two can be compared however they came about: columns as lists, without the zeros that only growth has left. */
import type { SessionState } from '../../../src/quiz/decider.js';
import { answersToJson } from '../../../src/quiz/snapshot/answers-codec.js';
import { cellsOf } from '../../../src/quiz/state/players.js';

function plain(key: string, value: unknown): unknown {
  if (!ArrayBuffer.isView(value)) return value;
  return Array.from(value as Int32Array);
}

/** Trailing zeros say no more than the end of a column does. */
function trimmed(column: ArrayLike<number> | undefined): number[] {
  const list = Array.from(column ?? []);
  while (list.at(-1) === 0) list.pop();
  return list;
}

export function stateDump(state: SessionState): unknown {
  const { players, runs, totals, live, decks: _decks, ...rest } = state;
  const dump = {
    ...rest,
    created: state.created === null ? null : { ...state.created, deck: state.created.deck.sha256 },
    players: { ids: players.ids, names: players.names, cells: cellsOf(players), count: players.count, inCount: players.inCount },
    runs: runs.map((run) => ({
      ...run,
      answers: run.answers === null ? null : answersToJson(run.answers),
      graded: run.answers?.graded == null ? null : run.answers.graded,
    })),
    totals: totals === null ? null : [totals.correct, totals.sumE, totals.streak].map(trimmed).concat([trimmed(Array.from(totals.behind, (row) => row + 1))]),
    live: live === null ? null : [live.score, live.correct, live.sumE, live.streak, Array.from(live.bonus, (bonus) => bonus ?? 0)].map(trimmed),
  };
  return JSON.parse(JSON.stringify(dump, plain));
}
