/** The rules of scoring once more, as slowly and plainly as they can be written: big integers, sums from scratch, ranks by counting. Reads events only. */
import { correctness } from '../../../src/quiz/answer-value.js';
import type { AnswerValue, Deck, KeyValue, SessionSettings } from '../../../src/quiz/definition.js';
import type { Event } from '../../../src/quiz/events.js';
import type { Fact } from './world.js';

interface Given {
  readonly value: AnswerValue;
  readonly recvAt: number;
  readonly creditMs: number;
}
interface Asked {
  opensAt: number;
  readonly frozen: [number, number][];
  readonly extended: [number, number][];
  readonly given: Map<string, Given>;
  key: KeyValue;
  revealed: boolean;
  voided: boolean;
}
export interface Row {
  readonly playerId: string;
  readonly score: bigint;
  readonly correct: bigint;
  readonly sumE: bigint;
  readonly rank: number;
}

export class Model {
  readonly members = new Map<string, 'in' | 'left' | 'out'>();
  readonly asked = new Map<string, Asked>();
  private settings: SessionSettings | null = null;
  private pausedFrom = 0;
  private current = '';

  constructor(private readonly deck: Deck) {}

  apply({ event, meta }: Fact): void {
    this.member(event);
    const asked = this.asked.get('qid' in event ? event.qid : this.current);
    switch (event.type) {
      case 'session.created': this.settings = event.settings; break;
      case 'session.paused': this.pausedFrom = event.from; break;
      case 'session.resumed':
        if (asked !== undefined && event.opensAt !== undefined) {
          if (event.opensAt === asked.opensAt) asked.frozen.push([this.pausedFrom, meta.at]);
          asked.opensAt = event.opensAt;
        }
        break;
      case 'question.previewed': {
        const at = this.deck.questions.findIndex(({ qid }) => qid === event.qid);
        this.current = event.qid;
        this.asked.set(event.qid, { opensAt: 0, frozen: [], extended: [], given: new Map(), key: this.deck.keys[at]?.key ?? null, revealed: false, voided: false });
        break;
      }
      case 'question.opened': if (asked !== undefined) asked.opensAt = event.opensAt; break;
      case 'answer.accepted': asked?.given.set(event.playerId, event); break;
      case 'question.extended':
        if (asked === undefined) break;
        if (event.reason === 'host') asked.extended.push([meta.at, event.byMs]);
        else if (event.opensAt === asked.opensAt) asked.frozen.push([event.from ?? 0, event.to ?? 0]);
        asked.opensAt = event.opensAt;
        break;
      case 'question.revealed':
        if (asked === undefined) break;
        asked.revealed = true;
        asked.voided ||= event.unscored === true;
        break;
      case 'question.voided': if (asked !== undefined) asked.voided = true; break;
      case 'key.corrected': if (asked !== undefined) asked.key = event.key; break;
      default: break;
    }
  }

  private member(event: Event): void {
    if (event.type === 'player.joined') this.members.set(event.playerId, 'in');
    if (event.type === 'player.left') this.members.set(event.playerId, 'left');
    if (event.type === 'player.kicked' || event.type === 'player.banned') this.members.set(event.playerId, 'out');
  }

  elapsed(qid: string, playerId: string): bigint | null {
    const asked = this.asked.get(qid);
    const given = asked?.given.get(playerId);
    const limit = this.deck.questions.find((question) => question.qid === qid)?.limitMs ?? 0;
    if (asked === undefined || given === undefined) return null;
    const { recvAt, creditMs } = given;
    let closesAt = asked.opensAt + limit;
    let frozen = 0;
    for (const [from, to] of asked.frozen) {
      if (from <= recvAt) closesAt += to - from;
      for (let t = from; t < to && t < recvAt; t += 1) frozen += 1;
    }
    for (const [at, ms] of asked.extended) if (at <= recvAt) closesAt += ms;
    if (recvAt > closesAt) return BigInt(limit);
    const e = recvAt - asked.opensAt - frozen - creditMs;
    return BigInt(Math.min(Math.max(e, 0), limit));
  }

  private speed(e: bigint, P: bigint, L: bigint): bigint {
    switch (this.settings?.scoring) {
      case 'fullDecay@1': return (2n * P * (L - e) + L) / (2n * L);
      case 'flat@1': return P;
      default: return e < 500n ? P : (P * (2n * L - e) + L) / (2n * L);
    }
  }

  rows(): Row[] {
    const ranked = [...this.members].filter(([, membership]) => membership !== 'out').map(([playerId]) => this.sums(playerId));
    const ahead = (a: Omit<Row, 'rank'>, b: Omit<Row, 'rank'>): boolean =>
      a.score !== b.score ? a.score > b.score : a.correct !== b.correct ? a.correct > b.correct : a.sumE < b.sumE;
    return ranked.map((row) => ({ ...row, rank: 1 + ranked.filter((other) => ahead(other, row)).length }));
  }

  /** With the answers to an open question counted in. */
  asIfEnded(qid: string): Row[] {
    const asked = this.asked.get(qid) as Asked;
    const { revealed } = asked;
    asked.revealed = true;
    const rows = this.rows();
    asked.revealed = revealed;
    return rows;
  }

  private sums(playerId: string): Omit<Row, 'rank'> {
    let [score, correct, sumE, streak] = [0n, 0n, 0n, 0n];
    for (const question of this.deck.questions) {
      const asked = this.asked.get(question.qid);
      if (asked === undefined || !asked.revealed || asked.voided || question.type === 'poll') continue;
      const given = asked.given.get(playerId);
      const part = given === undefined ? { num: 0, den: 1 } : correctness(question, asked.key, given.value);
      const e = this.elapsed(question.qid, playerId) ?? 0n;
      const points = BigInt(question.points);
      score += (this.speed(e, points, BigInt(question.limitMs)) * BigInt(part.num) + BigInt(part.den) / 2n) / BigInt(part.den);
      if (part.num !== part.den) {
        streak = 0n;
        continue;
      }
      streak += 1n;
      correct += 1n;
      sumE += e;
      if (this.settings?.streak === true && points > 0n && streak > 1n) score += 100n * (streak - 1n) < 500n ? 100n * (streak - 1n) : 500n;
    }
    return { playerId, score, correct, sumE };
  }
}
