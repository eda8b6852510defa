/**
 * A small run in which nothing is wrong: a journal and the histories of its clients, made by hand, with a change of owner under an open question, a stale record,
 * a record that landed twice, a reconnect, an answer sent again, two choices and a late answer. What the self-test of the checker spoils.
 */
import { createHash } from 'node:crypto';
import type { Frame, HistoryEvent } from '../history.js';
import type { RawRecord } from '../journal/recorder.js';
import type { FaultNote } from '../schedule/schedule.js';
import type { RawEvent } from '../../checker/turn.js';

export const SID = 'ABCDEFGH';
/** Session time at x = 0. */
export const BASE = 1_000_000;
export const SALTS = ['5a17'.repeat(16), 'c0de'.repeat(16)];

type Json = Record<string, unknown>;

export interface Scene {
  records: { record: Json & { events?: RawEvent[] }; seen: number; crc: boolean; offset: number }[];
  history: HistoryEvent[];
  faults: FaultNote[];
}

const deck = [{ id: 'q1', key: 'a', points: 1_000, limitMs: 5_000 }, { id: 'q2', key: 'b', points: 1_000, limitMs: 5_000 }];
const settings = { scoring: 'flat@1', streak: false, graceMs: 500 };
/** From the death of the first owner to the first turn of the second, in x. */
export const OUTAGE = { from: 2_500, to: 4_000 };
const outageMs = OUTAGE.to - OUTAGE.from;

function journal(): Scene['records'] {
  const records: Scene['records'] = [];
  let [epoch, n] = [0, 0];
  const put = (record: Json, seen: number): void => void records.push({ record: { f: 1, ...record }, seen, crc: true, offset: records.length });
  const claim = (x: number, owner: string): void => put({ kind: 'claim', epoch: ++epoch, nonce: `nonce-${epoch}`, owner }, x);
  const turn = (x: number, ...events: RawEvent[]): void => put({ kind: 'turn', epoch, n: ++n, at: BASE + x, entityId: SID, v: 1, events }, x + 5);
  const answer = (playerId: string, qid: string, value: string, x: number, answerId = `${playerId}-${qid}`): RawEvent => ({ type: 'answer.accepted', playerId, qid, answerId, value, recvAt: BASE + x, creditMs: 0 });

  claim(0, 'node-0/b1');
  turn(10, { type: 'session.created', settings, salts: SALTS, e: 'e1' });
  for (const playerId of ['P1', 'P2', 'P3']) turn(20, { type: 'player.joined', playerId, joinId: `join-${playerId}`, nickname: playerId });
  turn(100, { type: 'session.started', cmdId: 'c1' });
  turn(200, { type: 'question.previewed', qid: 'q1', readMs: 100 });
  turn(600, { type: 'question.opened', qid: 'q1', opensAt: BASE + 1_000, closesAt: BASE + 6_000 });
  turn(1_500, answer('P1', 'q1', 'a', 1_500));
  put({ kind: 'fence', epoch, n: ++n, at: BASE + 1_600 }, 1_600);
  turn(2_000, answer('P2', 'q1', 'b', 2_000));
  claim(3_900, 'node-1/b2');
  put({ kind: 'turn', epoch: 1, n: n + 1, at: BASE + 2_490, entityId: SID, v: 1, events: [answer('P3', 'q1', 'a', 2_480)] }, 3_950);
  turn(OUTAGE.to, { type: 'question.extended', qid: 'q1', reason: 'outage', byMs: outageMs, opensAt: BASE + 1_000, closesAt: BASE + 6_000 + outageMs, from: BASE + OUTAGE.from, to: BASE + OUTAGE.to });
  turn(4_010, answer('P3', 'q1', 'a', 2_480));
  const twice = records.at(-1);
  if (twice !== undefined) put(twice.record, 4_020);
  turn(8_100, { type: 'question.closed', qid: 'q1', reason: 'deadline' }, { type: 'question.revealed', qid: 'q1' });
  turn(8_200, { type: 'question.previewed', qid: 'q2', readMs: 100 });
  turn(8_600, { type: 'question.opened', qid: 'q2', opensAt: BASE + 9_000, closesAt: BASE + 14_000 });
  turn(9_700, answer('P1', 'q2', 'b', 9_700));
  turn(10_000, answer('P2', 'q2', 'b', 10_000));
  turn(14_600, { type: 'question.closed', qid: 'q2', reason: 'deadline' }, { type: 'question.revealed', qid: 'q2' });
  turn(14_700, { type: 'session.finished' });
  return records;
}

/** Rank, player, score, correct, sum of elapsed times: P3's 1,480 ms are before the outage. */
const standings = [[1, 'P1', 2_000, 2, 1_200], [2, 'P2', 1_000, 1, 1_000], [3, 'P3', 1_000, 1, 1_480]] as const;
const finished = {
  podium: standings.map(([rank, playerId, score]) => ({ rank, playerId, nickname: playerId, score, delta: 0 })), of: 3, revision: 3,
  standingsHash: createHash('sha256').update(JSON.stringify(standings)).digest('hex'),
};

/** Rank and score of each player at each reveal. */
const results: Readonly<Record<string, readonly (readonly [number, number])[]>> = { P1: [[1, 1_000], [1, 2_000]], P2: [[3, 0], [2, 1_000]], P3: [[2, 1_000], [3, 1_000]] };
const leaderboard = (revision: 1 | 2): Json => ({ revision, of: 3, top: Object.entries(results).map(([playerId, each]) => ({ playerId, rank: each[revision - 1]?.[0], score: each[revision - 1]?.[1] })) });

const shared: readonly [x: number, t: string, d: Json][] = [
  [110, 'session.started', {}],
  [210, 'question.preview', { qid: 'q1' }],
  [610, 'question.opened', { qid: 'q1', opensAt: BASE + 1_000, closesAt: BASE + 6_000 }],
  [4_010, 'question.extended', { qid: 'q1', closesAt: BASE + 6_000 + outageMs, byMs: outageMs, reason: 'outage' }],
  [8_110, 'question.closed', { qid: 'q1' }],
  [8_111, 'question.revealed', { qid: 'q1', key: 'a', salt: SALTS[0] }],
  [8_113, 'leaderboard', leaderboard(1)],
  [8_210, 'question.preview', { qid: 'q2' }],
  [8_610, 'question.opened', { qid: 'q2' }],
  [14_610, 'question.closed', { qid: 'q2' }],
  [14_611, 'question.revealed', { qid: 'q2', key: 'b', salt: SALTS[1] }],
  [14_613, 'leaderboard', leaderboard(2)],
  [14_710, 'session.finished', finished],
];

class Story {
  readonly events: HistoryEvent[] = [];
  #conn = 0;
  #id = 0;
  #s = 0;

  constructor(
    private readonly c: string,
    private readonly role: string,
    private readonly router: string,
  ) {}

  open(x: number, resume?: { readonly e: string; readonly s: number; readonly p: number }): void {
    this.#conn++;
    this.#id = 0;
    this.events.push({ k: 'open', x, sid: SID, c: this.c, conn: this.#conn, role: this.role, router: this.router });
    this.send(x, 'hello', { role: this.role, ...(resume === undefined ? {} : { resume: { token: 't', ...resume } }) });
    const at = resume ?? { e: 'e1', s: this.#s, p: 0 };
    this.hear(x + 5, { t: 'welcome', re: 1, d: { sessionId: SID, ...(this.role === 'player' ? { playerId: this.c } : {}), ...at, serverTime: BASE + x, resume: resume === undefined ? 'new' : 'delta' } });
    if (resume === undefined) this.hear(x + 6, { t: 'snapshot', e: 'e1', s: at.s, p: at.p, at: BASE + x, d: { phase: 'lobby' } });
  }

  send(x: number, t: string, d: Json): number {
    this.events.push({ k: 'sent', x, sid: SID, c: this.c, conn: this.#conn, id: ++this.#id, t, d });
    return this.#id;
  }

  hear(x: number, frame: Frame): void {
    this.events.push({ k: 'heard', x, sid: SID, c: this.c, conn: this.#conn, text: JSON.stringify(frame) });
  }

  /** The shared messages up to `x`, and with each reveal the own result. */
  follow(x: number): void {
    for (const [at, t, d] of shared.slice(this.#s)) {
      if (at > x) return;
      this.hear(at, { t, e: 'e1', s: ++this.#s, at: BASE + at, d });
      if (t !== 'question.revealed' || this.role !== 'player') continue;
      const revision = d['qid'] === 'q1' ? 1 : 2;
      const [rank, score] = results[this.c]?.[revision - 1] ?? [];
      this.hear(at + 1, { t: 'me.result', e: 'e1', p: revision, at: BASE + at, d: { qid: d['qid'], revision, rank, score } });
    }
  }

  answer(x: number, qid: string, value: string, answerId = `${this.c}-${qid}`): number {
    this.follow(x);
    return this.send(x, 'answer.submit', { answerId, qid, value });
  }

  ok(x: number, re: number, qid: string, receivedAt: number, receipt: Json, dup = false): void {
    this.follow(x);
    this.hear(x, { t: 'ok', re, d: { answerId: `${this.c}-${qid}`, receivedAt: BASE + receivedAt, receipt: { shard: 0, ...receipt }, ...(dup ? { dup } : {}) } });
  }

  err(x: number, re: number, d: Json): void {
    this.follow(x);
    this.hear(x, { t: 'err', re, d });
  }

  close(x: number, code: number, own: boolean): void {
    this.follow(x);
    this.events.push({ k: 'closed', x, sid: SID, c: this.c, conn: this.#conn, code, own });
  }
}

function stories(): HistoryEvent[] {
  const [p1, p2, p3, watcher] = [new Story('P1', 'player', 'router-0'), new Story('P2', 'player', 'router-1'), new Story('P3', 'player', 'router-0'), new Story('w', 'spectator', 'router-0')];
  for (const story of [p1, p2, p3, watcher]) story.open(50);

  p1.ok(1_520, p1.answer(1_500, 'q1', 'a'), 'q1', 1_500, { epoch: 1, n: 8 });
  // Its router dies, it comes back where it was, and asks again.
  p1.close(3_000, 1006, false);
  p1.open(3_500, { e: 'e1', s: 3, p: 0 });
  p1.ok(4_100, p1.answer(3_510, 'q1', 'a'), 'q1', 1_500, { epoch: 1, n: 8 }, true);
  p1.ok(9_720, p1.answer(9_700, 'q2', 'b'), 'q2', 9_700, { epoch: 2, n: 16 });

  p2.ok(2_030, p2.answer(2_000, 'q1', 'b'), 'q1', 2_000, { epoch: 1, n: 10 });
  p2.err(2_300, p2.answer(2_200, 'q1', 'a', 'P2-q1-other'), { code: 302, answered: { qid: 'q1', answerId: 'P2-q1', value: 'b', receivedAt: BASE + 2_000 } });
  p2.ok(10_020, p2.answer(10_000, 'q2', 'b'), 'q2', 10_000, { epoch: 2, n: 17 });

  p3.ok(4_050, p3.answer(2_480, 'q1', 'a'), 'q1', 2_480, { epoch: 2, n: 12 });
  p3.err(14_620, p3.answer(14_560, 'q2', 'b'), { code: 301, retry: false });

  for (let x = 400; x < 14_950; x += 200) {
    watcher.follow(x);
    const id = watcher.send(x, 'sync', { t0: x });
    // Nobody answers while there is no owner.
    const answeredAt = x > OUTAGE.from && x < OUTAGE.to ? OUTAGE.to + 20 + (x - OUTAGE.from) / 100 : x + 10;
    watcher.hear(answeredAt, { t: 'ok', re: id, d: { t0: x, t1: BASE + x, t2: BASE + answeredAt } });
  }
  for (const story of [p1, p2, p3, watcher]) story.close(15_000, 1000, true);
  return [p1, p2, p3, watcher].flatMap(({ events }) => events);
}

export function sceneOf(): Scene {
  return {
    records: journal(),
    history: [{ k: 'session', x: 12, sid: SID, c: 'host', deck }, ...stories(), { k: 'over', x: 15_100, sid: SID, c: 'host' }],
    faults: [{ from: OUTAGE.from, to: OUTAGE.from + 10, kind: 'kill node', about: 'node-0', down: 'node-0' }],
  };
}

export function rawOf({ records }: Scene): RawRecord[] {
  return records.map(({ record, seen, crc, offset }) => ({ shard: 0, offset, seen, crc, text: JSON.stringify(record) }));
}
