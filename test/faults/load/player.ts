/**
 * A player who does what the protocol asks for, and now and then what it only allows: answers at the last moment or too late, two answers to one question,
 * a second tab, a network that vanishes. Owns its answers: each is sent again under its own id until it is settled.
 */
import type { Frame } from '../history.js';
import { Client, type ClientSpec } from './client.js';

interface Answer {
  readonly qid: string;
  readonly answerId: string;
  readonly value: string;
  /** Ids under which it was sent on the present connection. */
  ids: Set<number>;
  timer: NodeJS.Timeout | undefined;
}

const RESEND_MS = 5_000;
const RETRY_MS = 500;
const CHOICES = ['a', 'b', 'c', 'd'];
/** Of all questions. */
const odds = { skips: 0.04, late: 0.12, twice: 0.08, secondTab: 0.05, vanishes: 0.05 };
/** A late one comes from so long before the end to so long after it, ms. */
const LATE_MS = { before: 600, after: 900 };

export class Player {
  readonly client: Client;
  readonly #open = new Map<string, Answer>();
  readonly #asked = new Set<string>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #skewMs = 0;
  acknowledged = 0;

  constructor(private readonly spec: ClientSpec) {
    this.client = new Client(spec, {
      welcomed: (d) => {
        // Session time when the welcome was sent, near enough to think by.
        this.#skewMs = d.serverTime - performance.now();
        for (const answer of this.#open.values()) {
          answer.ids = new Set();
          this.#submit(answer);
        }
      },
      heard: (frame) => this.#heard(frame),
      waits: () => this.#open.size > 0,
    });
  }

  get isDone(): boolean {
    return (this.client.isFinished || this.client.stoppedWith !== undefined) && this.#open.size === 0;
  }

  end(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const { timer } of this.#open.values()) clearTimeout(timer);
    this.client.end();
  }

  #heard(frame: Frame): void {
    const { t, d } = frame;
    if (t === 'question.opened') this.#think(d);
    if (t === 'snapshot' && d.phase === 'open' && d.question !== undefined && d.me?.answered?.qid !== d.question.qid) this.#think(d.question);
    if (t === 'ok' || t === 'err') this.#replied(frame);
  }

  #think({ qid, opensAt, closesAt }: { readonly qid: string; readonly opensAt: number; readonly closesAt: number }): void {
    const { chance } = this.spec;
    if (this.#asked.has(qid)) return;
    this.#asked.add(qid);
    if (chance.odds(odds.skips)) return;
    const left = opensAt - this.#skewMs - performance.now();
    const end = closesAt - this.#skewMs - performance.now();
    const wait = chance.odds(odds.late) ? chance.between(end - LATE_MS.before, end + LATE_MS.after) : chance.between(left, left + (end - left) * 0.85);
    if (chance.odds(odds.vanishes)) this.#after(chance.between(0, wait + 500), () => this.client.drop());
    if (chance.odds(odds.secondTab)) this.#after(chance.between(0, wait + 500), () => this.client.connect());
    this.#after(wait, () => this.#answer(qid, 1));
    if (chance.odds(odds.twice)) this.#after(wait + chance.between(0, 300), () => this.#answer(qid, 2));
  }

  #answer(qid: string, count: number): void {
    const answer: Answer = { qid, answerId: `${this.spec.name}-${qid}-${count}`, value: this.spec.chance.pick(CHOICES), ids: new Set(), timer: undefined };
    this.#open.set(answer.answerId, answer);
    this.#submit(answer);
  }

  #submit(answer: Answer, afterMs = RESEND_MS): void {
    clearTimeout(answer.timer);
    const { answerId, qid, value } = answer;
    const id = this.client.send('answer.submit', { answerId, qid, value });
    if (id !== undefined) answer.ids.add(id);
    answer.timer = setTimeout(() => this.#submit(answer), afterMs);
  }

  #replied({ t, re, d }: Frame): void {
    for (const answer of this.#open.values()) {
      if (re === undefined || !answer.ids.has(re)) continue;
      clearTimeout(answer.timer);
      if (t === 'err' && d.retry === true) {
        answer.timer = setTimeout(() => this.#submit(answer), d.retryAfterMs ?? RETRY_MS);
        return;
      }
      if (t === 'ok') this.acknowledged++;
      this.#open.delete(answer.answerId);
      return;
    }
  }

  #after(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, Math.max(0, ms));
    this.#timers.add(timer);
  }
}
