/**
 * A player: joins, answers each question at a time of its own, late ones and twice ones among them, and sends an answer again until somebody says what
 * became of it. Owns its open answers.
 */
import type { AnswerHistory, Frame, Heard, Sent } from './history.js';
import type { AnswerValue } from '../../../apps/quiz-node/src/quiz/definition.js';
import { answerTo } from '../questions.js';
import type { Part, Person } from './person.js';

/** After so long without a reply an answer is sent again, ms. */
const RESEND_MS = 1_500;

/** Errors after which asking again gives the same. */
const FINAL = new Set([301, 302, 303, 304, 306]);

export class Player implements Part {
  readonly role = 'player';
  readonly #asked = new Set<string>();

  constructor(
    private readonly person: Person,
    /** Of all answers: how likely one is missing, close to the end, doubled, or followed by another choice. */
    private readonly habits = { absent: 0.08, last: 0.25, doubled: 0.15, second: 0.12 },
  ) {}

  hello(): Record<string, unknown> {
    const { token, position, name } = this.person;
    if (token !== null) return { role: 'player', resume: { token, ...position } };
    return { role: 'player', nickname: name, joinId: `join-${name}` };
  }

  welcomed(): void {
    for (const answer of this.#open()) this.#submit(answer);
  }

  heard({ frame }: Heard): void {
    if (frame.t === 'question.opened') this.#consider(frame.d, frame.at ?? 0);
    if (frame.t === 'snapshot' && frame.d.phase === 'open' && frame.d.question !== undefined) this.#consider(frame.d.question, frame.at ?? frame.d.question.opensAt);
    if (frame.t === 'session.resumed') for (const answer of this.#open()) this.#submit(answer);
  }

  replied(sent: Sent, heard: Heard): void {
    if (sent.t !== 'answer.submit') return;
    const answer = this.person.history.answers.find(({ sends }) => sends.includes(sent));
    if (answer === undefined || answer.outcome !== null) return;
    const { frame } = heard;
    if (frame.t === 'ok' || FINAL.has(frame.d.code) || (frame.d.code === 300 && frame.d.retry !== true)) answer.outcome = heard;
    else if (frame.d.code !== 305) this.#after((frame.d.retryAfterMs ?? 300) + 20, () => this.#again(answer));
  }

  #consider(question: Frame['d'], at: number): void {
    const { chance } = this.person;
    const { qid, type, opensAt, closesAt } = question;
    if (this.#asked.has(qid)) return;
    this.#asked.add(qid);
    if (chance.odds(this.habits.absent)) return;
    const untilOpen = Math.max(0, opensAt - at);
    const length = Math.max(0, closesAt - Math.max(at, opensAt));
    const delay = untilOpen + (chance.odds(this.habits.last) ? length + chance.between(-300, 700) : chance.between(-20, length));
    this.#after(delay, () => this.#answer(qid, answerTo(chance, type)));
    if (chance.odds(this.habits.second)) this.#after(delay + chance.between(0, 400), () => this.#answer(qid, answerTo(chance, type)));
  }

  #answer(qid: string, value: AnswerValue): void {
    const { chance, history, name } = this.person;
    if (history.finished !== null || history.stopped !== null) return;
    const answer: AnswerHistory = { person: name, qid, answerId: `${name}-${qid}-${history.answers.length}`, value, sends: [], outcome: null };
    history.answers.push(answer);
    this.#submit(answer);
    if (chance.odds(this.habits.doubled)) this.#submit(answer);
    if (chance.odds(0.1)) this.person.say('sync', { t0: this.person.process.mono() });
    if (chance.odds(0.05)) this.person.say('resync', {});
  }

  #submit(answer: AnswerHistory): void {
    const { qid, answerId, value } = answer;
    const sent = this.person.say('answer.submit', { answerId, qid, value });
    if (sent === undefined) return;
    answer.sends.push(sent);
    this.#after(RESEND_MS, () => this.#again(answer, sent));
  }

  /** If nothing was said since `after`, or at all. */
  #again(answer: AnswerHistory, after?: Sent): void {
    if (answer.outcome !== null || this.person.history.stopped !== null) return;
    if (after === undefined || answer.sends.at(-1) === after) this.#submit(answer);
  }

  #open(): AnswerHistory[] {
    return this.person.history.answers.filter(({ outcome }) => outcome === null);
  }

  #after(ms: number, act: () => void): void {
    this.person.process.after(ms, act);
  }
}
