/**
 * A session whose players answer one after the other without a pause, over all routers. Owns its sockets, and what each answer was told:
 * at the end every acknowledged one is looked for in the report.
 */
import { audit, type AcknowledgedAnswer, type Report } from '../../apps/demo/src/audit.js';
import type { Member } from '../wire/crowd.js';
import { clientFrame } from '../wire/frames.js';
import { isType, joinQuiz, read, type QuizMessage } from '../wire/quiz-client.js';
import { pause } from '../wire/until.js';
import type { BenchCluster } from './cluster.js';

const PATIENCE_MS = 60_000;
const LOOK_MS = 5;
const JOINS_AT_ONCE = 50;
const LIMIT_MS = 240_000;
const settings = { timing: { startMs: 0, readMs: 0 }, leadMs: 0, maxPlayers: 10_000 };

export interface Acknowledged {
  /** ms of performance.now. */
  readonly sentAt: number;
  readonly at: number;
  /** Not one that had been acknowledged before. */
  readonly isNew: boolean;
}

interface Player extends Member {
  nextId: number;
  readonly waiting: Map<number, { readonly sentAt: number; readonly qid: string; readonly frame: Buffer }>;
  /** Time at which its answer to the present question was received, once it is acknowledged. */
  receivedAt: number | undefined;
}

export class Contest {
  closesAt = 0;
  qid = '';
  /** Of the present question, ms. */
  extendedMs = 0;
  socketsClosed = 0;
  acknowledgements: Acknowledged[] = [];
  readonly #players: Player[] = [];
  readonly #acknowledged: AcknowledgedAnswer[] = [];
  #questions = 0;
  #opened = 0;
  #turn = 0;
  #syncs = new Map<number, (d: QuizMessage['d']) => void>();
  #error: Error | undefined;
  #flow: NodeJS.Timeout | undefined;

  private constructor(
    private readonly cluster: BenchCluster,
    readonly sessionId: string,
  ) {}

  /** A session in which nobody is yet. */
  static async open(cluster: BenchCluster, questions: number): Promise<Contest> {
    const question = (index: number) => ({ type: 'single', text: `Question ${index + 1}?`, options: [{ text: 'one' }, { text: 'two' }], key: 'b', limitMs: LIMIT_MS });
    const quiz = { title: 'Without a pause', questions: Array.from({ length: questions }, (_, index) => question(index)) };
    const { sessionId } = await cluster.ask<{ sessionId: string }>('POST', '/v1/sessions', { quiz, settings });
    return new Contest(cluster, sessionId);
  }

  async joinedBy(players: number): Promise<this> {
    // The last one never answers, which keeps a question open.
    for (let from = 0; from <= players; from += JOINS_AT_ONCE) {
      await Promise.all(Array.from({ length: Math.min(JOINS_AT_ONCE, players + 1 - from) }, (_, index) => this.#join(from + index)));
    }
    return this;
  }

  get pending(): number {
    return this.#players.reduce((sum, { waiting }) => sum + waiting.size, 0);
  }

  /** Resolves when all have it. */
  async nextQuestion(): Promise<void> {
    this.#opened = 0;
    this.extendedMs = 0;
    this.#turn = 0;
    for (const player of this.#players) player.receivedAt = undefined;
    await this.#command(this.#questions === 0 ? 'start' : 'next');
    this.#questions += 1;
    await this.until(() => this.#opened === this.#players.length, 'question.opened at all players');
    this.acknowledgements = [];
  }

  closeQuestion(): Promise<void> {
    return this.#command('close');
  }

  /** One answer every `everyMs`; when all have answered, the same ones again, which have to be told the same. */
  flow(everyMs: number): void {
    this.#flow = setInterval(() => this.#answer(), everyMs);
  }

  /** Resolves when everything that was sent is acknowledged. */
  async still(): Promise<void> {
    clearInterval(this.#flow);
    await this.until(() => this.pending === 0, 'the last acknowledgements');
  }

  /** Time that is left, ms, by the clock of whoever owns the session. */
  async leftMs(): Promise<number> {
    return this.closesAt - (performance.now() + (await this.clockOffset(1)));
  }

  /** Session time less performance.now, ms, by the quickest of `tries` round trips. */
  async clockOffset(tries = 5): Promise<number> {
    let best = { tripMs: Infinity, offset: 0 };
    for (let index = 0; index < tries; index += 1) {
      const t0 = performance.now();
      const { t1, t2 } = await this.#sync(t0);
      const tripMs = performance.now() - t0 - (t2 - t1);
      if (tripMs < best.tripMs) best = { tripMs, offset: (t1 - t0 + t2 - performance.now()) / 2 };
    }
    return best.offset;
  }

  /** What the journal says of outages: for each question the session time at which the first began, and by how much it was extended in all, ms. */
  async outages(): Promise<ReadonlyMap<string, { readonly from: number; readonly byMs: number }>> {
    const found = new Map<string, { from: number; byMs: number }>();
    for (const line of (await this.cluster.text('GET', `/v1/sessions/${this.sessionId}/journal`)).split('\n')) {
      if (!line.includes('question.extended')) continue;
      const { qid, from, byMs } = (JSON.parse(line) as { event: { qid: string; from: number; byMs: number } }).event;
      const known = found.get(qid);
      found.set(qid, { from: known?.from ?? from, byMs: byMs + (known?.byMs ?? 0) });
    }
    return found;
  }

  async until(holds: () => boolean, what: string): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!holds()) {
      if (this.#error) throw this.#error;
      if (performance.now() > deadline) throw new Error(`waited ${PATIENCE_MS} ms for ${what}; ${this.pending} answers are not acknowledged`);
      await pause(LOOK_MS);
    }
  }

  /** Ends the session. @returns how many answers were acknowledged. @throws unless each is in the report as it was acknowledged, once */
  async verified(): Promise<number> {
    await this.#command('end');
    const verdict = audit(this.#acknowledged, await this.cluster.ask<Report>('GET', `/v1/sessions/${this.sessionId}/report?format=json`));
    for (const { wire } of this.#players) {
      wire.onClose = () => undefined;
      wire.destroy();
    }
    if (!verdict.ok) throw new Error(`the report does not hold: ${JSON.stringify(verdict)}`);
    return verdict.acknowledged;
  }

  #sync(t0: number): Promise<{ t1: number; t2: number }> {
    const watcher = this.#players.at(-1) as Player;
    const id = watcher.nextId++;
    return new Promise((resolve) => {
      this.#syncs.set(id, resolve as (d: QuizMessage['d']) => void);
      watcher.wire.write(clientFrame(JSON.stringify({ t: 'sync', id, d: { t0 } })));
    });
  }

  async #command(cmd: string): Promise<void> {
    await this.cluster.ask('POST', `/v1/sessions/${this.sessionId}/commands`, { cmdId: `${cmd}-${this.#questions}`, cmd });
  }

  async #join(index: number): Promise<void> {
    const port = this.cluster.ports[index % this.cluster.ports.length] as number;
    const member = await joinQuiz(port, this.sessionId, `player ${index}`, (payload) => this.#heard(index, payload));
    const player: Player = { ...member, nextId: 2, waiting: new Map(), receivedAt: undefined };
    player.wire.onClose = () => void (this.socketsClosed += 1);
    this.#players[index] = player;
  }

  #answer(): void {
    const player = this.#players[this.#turn++ % (this.#players.length - 1)] as Player;
    const id = player.nextId++;
    const frame = clientFrame(JSON.stringify({ t: 'answer.submit', id, d: { answerId: `${player.playerId}-${this.qid}`, qid: this.qid, value: 'b' } }));
    player.waiting.set(id, { sentAt: performance.now(), qid: this.qid, frame });
    player.wire.write(frame);
  }

  #heard(index: number, payload: Buffer): void {
    const player = this.#players[index];
    // What comes before the first question does not count.
    if (!player) return;
    if (isType(payload, 'ok')) return this.#ok(player, read(payload));
    if (isType(payload, 'err')) return this.#refused(player, read(payload));
    if (isType(payload, 'question.opened')) {
      this.#opened += 1;
      ({ qid: this.qid, closesAt: this.closesAt } = read(payload).d as { qid: string; closesAt: number });
    }
    if (isType(payload, 'question.extended') && player === this.#players.at(-1)) {
      const { closesAt, byMs } = read(payload).d as { closesAt: number; byMs: number };
      this.closesAt = closesAt;
      this.extendedMs += byMs;
    }
  }

  #ok(player: Player, { re = -1, d }: QuizMessage): void {
    const answer = player.waiting.get(re);
    if (!answer) {
      this.#syncs.get(re)?.(d);
      return;
    }
    player.waiting.delete(re);
    const receivedAt = d['receivedAt'] as number;
    const isNew = player.receivedAt === undefined;
    this.acknowledgements.push({ sentAt: answer.sentAt, at: performance.now(), isNew });
    if (!isNew && player.receivedAt !== receivedAt) this.#error ??= new Error(`an answer was received at ${player.receivedAt}, and when it was sent again at ${receivedAt}`);
    if (!isNew) return;
    player.receivedAt = receivedAt;
    this.#acknowledged.push({ playerId: player.playerId, qid: answer.qid, answerId: `${player.playerId}-${answer.qid}`, value: 'b', receivedAt });
  }

  #refused(player: Player, { re = -1, d }: QuizMessage): void {
    const answer = player.waiting.get(re);
    if (answer && d['retry'] === true) setTimeout(() => player.wire.write(answer.frame), (d['retryAfterMs'] as number | undefined) ?? 100);
    else this.#error ??= new Error(`refused: ${JSON.stringify(d)}`);
  }
}
