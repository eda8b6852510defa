/** P2: exact ranks of all players. Ours: one pass over the columns of the state. The peer: one pipeline of ZREVRANK. */
import { newStandings, rankAll, type Standings } from '../../apps/quiz-node/src/quiz/ranking.js';
import type { Params, SideResult } from '../harness/types.js';
import { draws } from './answers.js';
import { BOARD, expectedRanks, openBoard, valuesOf } from './redis-board.js';
import { playerId } from './session.js';
import { Stopwatch } from './stopwatch.js';

/** Scores as after ten questions of 1,000 points, half of them right. */
class Scores {
  readonly score: Int32Array;
  readonly correct: Int32Array;
  readonly sumE: Int32Array;
  readonly #draw = draws(7);

  constructor(readonly players: number) {
    this.score = new Int32Array(players);
    this.correct = new Int32Array(players);
    this.sumE = new Int32Array(players);
    for (let row = 0; row < players; row += 1) for (let question = 0; question < 10; question += 1) this.#answer(row);
  }

  /** Everybody answers once more. */
  move(): void {
    for (let row = 0; row < this.players; row += 1) this.#answer(row);
    if (this.score[0]! < 60_000) return;
    for (const column of [this.score, this.correct, this.sumE]) column.forEach((value, row) => (column[row] = value >> 1));
  }

  #answer(row: number): void {
    if (this.#draw(2) === 0) return;
    const elapsedMs = this.#draw(20_000);
    this.score[row]! += 500 + Math.floor((20_000 - elapsedMs) / 40);
    this.correct[row]! += 1;
    this.sumE[row]! += elapsedMs;
  }
}

export async function run(params: Params, side: string): Promise<SideResult> {
  return side === 'ringmaster' ? ours(params) : redis(params);
}

function ours({ players = 0, rounds = 0 }: Params): SideResult {
  const scores = new Scores(players);
  const included = new Uint8Array(players).fill(1);
  const into = newStandings(players);
  const watch = new Stopwatch();
  for (let round = -100; round < rounds; round += 1) {
    scores.move();
    if (round < 0) {
      rankAll(scores, players, included, into);
      continue;
    }
    watch.start();
    rankAll(scores, players, included, into);
    watch.stop();
    if (round % 50 === 0) verify(scores, into);
  }
  // Wall time on a core of its own: the clock of CPU time is too coarse for one pass.
  return { values: { us: (watch.wallMs / rounds) * 1000, cpuUs: watch.cpuUs / rounds }, verified: `${Math.ceil(rounds / 50)} rankings of ${players} against a plain sort` };
}

function verify({ score, correct, sumE, players }: Scores, { rank }: Standings): void {
  const key = (row: number): string => `${score[row]} ${correct[row]} ${sumE[row]}`;
  const order = Array.from({ length: players }, (_, row) => row).sort((a, b) => score[b]! - score[a]! || correct[b]! - correct[a]! || sumE[a]! - sumE[b]!);
  let place = 0;
  order.forEach((row, i) => {
    if (i === 0 || key(order[i - 1]!) !== key(row)) place = i + 1;
    if (rank[row] !== place) throw new Error(`player ${row} has rank ${String(rank[row])} in place of ${place}`);
  });
}

async function redis({ players = 0, pipelines = 0 }: Params): Promise<SideResult> {
  const board = await openBoard();
  const names = Array.from({ length: players }, (_, i) => playerId(i));
  const { score } = new Scores(players);
  await names.reduce((pipeline, name, i) => pipeline.zadd(BOARD, score[i]!, name), board.client.pipeline()).exec();
  const expected = expectedRanks([...score], names);
  let wallMs = 0;
  let cpu = 0;
  for (let round = -1; round < pipelines; round += 1) {
    const before = board.cpuUs();
    const started = performance.now();
    const found = valuesOf(await names.reduce((pipeline, name) => pipeline.zrevrank(BOARD, name), board.client.pipeline()).exec());
    if (round >= 0) {
      wallMs += performance.now() - started;
      cpu += board.cpuUs() - before;
    }
    found.forEach((rank, i) => {
      if (rank !== expected[i]) throw new Error(`${names[i]} has rank ${String(rank)} in place of ${String(expected[i])}`);
    });
  }
  await board.close();
  return { values: { us: (wallMs / pipelines) * 1000, cpuUs: cpu / pipelines }, verified: `every rank of ${pipelines} pipelines` };
}
