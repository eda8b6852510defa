/** A session as the runtime would run it, in one thread: a command, its events, the deadlines that are due at once, then the reply. Time is what the test says. */
import type { Command, HostArgs, HostOrder } from '../../../src/quiz/commands.js';
import { quizDecider, initialState } from '../../../src/quiz/decider.js';
import type { SessionState } from '../../../src/quiz/decider.js';
import type { TurnMeta } from '../../../src/quiz/decision.js';
import type { AnswerValue, Deck } from '../../../src/quiz/definition.js';
import { unstashes } from '../../../src/quiz/events.js';
import type { Event } from '../../../src/quiz/events.js';
import type { Output } from '../../../src/quiz/outputs.js';
import type { Reply } from '../../../src/quiz/replies.js';
import { deckOfTwo, settingsFrom } from './decks.js';

export interface Fact {
  readonly event: Event;
  readonly meta: TurnMeta;
}
export interface Turn {
  readonly events: readonly Event[];
  readonly outputs: readonly Output[];
  readonly reply: Reply | 'stash';
}

export const HEX = (digit: string): string => digit.repeat(64);
/** A salt of its own for each question. */
export const saltOf = (index: number): string => (index + 1).toString(16).padStart(2, '0').repeat(32);

export function createCommand(deck: Deck, settings: object = {}): Command {
  return {
    type: 'create', deck, settings: settingsFrom(settings, deck), e: 'history', sessionSecret: HEX('a'), hostTokenSha256: HEX('b'), presenterTokenSha256: HEX('c'),
    salts: deck.questions.map((_question, index) => saltOf(index)), seed: 7, owner: 'local', recvAt: 0,
  };
}

export class World {
  state: SessionState;
  readonly facts: Fact[] = [];
  readonly outputs: Output[] = [];
  /** Answers that were held as late (T4), and what became of them. */
  readonly stashed: Command[] = [];
  readonly unstashedReplies: Reply[] = [];
  now = 0;
  n = 0;
  epoch = 1;
  present = true;
  hostPresent = true;
  private commands = 0;

  constructor(
    readonly deck: Deck = deckOfTwo(),
    settings: object = {},
    create = true,
  ) {
    this.state = initialState('7K3M9QRT', () => this.deck);
    if (create) this.turn(createCommand(deck, settings));
  }

  turn(command: Command): Turn {
    const verdict = quizDecider.decide(this.state, command, this.now);
    if (verdict.kind === 'stash') {
      this.stashed.push(command);
      return { events: [], outputs: [], reply: 'stash' };
    }
    const events: Event[] = [];
    const outputs: Output[] = [];
    const meta: TurnMeta = { shard: 3, epoch: this.epoch, n: this.n + 1, at: this.now };
    const apply = (happened: readonly Event[]): void => {
      for (const event of happened) {
        quizDecider.evolve(this.state, event, meta);
        events.push(event);
        outputs.push(...quizDecider.outputs(this.state, event, meta));
        this.facts.push({ event, meta });
      }
    };
    apply(verdict.events);
    if (events.length > 0) this.followUp(apply);
    if (events.length > 0) this.n += 1;
    const reply = verdict.reply(this.state, { ...meta, n: this.n });
    this.outputs.push(...outputs);
    if (events.some(unstashes)) this.judgeStashed();
    return { events, outputs, reply };
  }

  private followUp(apply: (events: readonly Event[]) => void): void {
    for (let steps = 0; ; steps += 1) {
      const due = quizDecider.nextDeadline(this.state);
      if (due === null || due.behindReceived || due.at > this.now) return;
      if (steps > 1_000) throw new Error('a deadline that never passes');
      const verdict = quizDecider.decide(this.state, { type: 'deadline', present: this.present, hostPresent: this.hostPresent }, this.now);
      if (verdict.kind === 'answer') apply(verdict.events);
    }
  }

  private judgeStashed(): void {
    for (const command of this.stashed.splice(0)) {
      const { reply } = this.turn(command);
      if (reply !== 'stash') this.unstashedReplies.push(reply);
    }
  }

  /** Lets time pass; whatever falls due on the way happens at its time. */
  until(at: number): Turn {
    const events: Event[] = [];
    const outputs: Output[] = [];
    let reply: Turn['reply'] = { ok: true, type: 'done' };
    for (let due = quizDecider.nextDeadline(this.state); due !== null && due.at <= at; due = quizDecider.nextDeadline(this.state)) {
      this.now = Math.max(this.now, due.at);
      const turn = this.turn({ type: 'deadline', present: this.present, hostPresent: this.hostPresent });
      if (turn.events.length === 0) throw new Error(`the deadline at ${due.at} changes nothing`);
      events.push(...turn.events);
      outputs.push(...turn.outputs);
      reply = turn.reply;
    }
    this.now = Math.max(this.now, at);
    return { events, outputs, reply };
  }

  join(name: string, joinId = `join-${name}`): Turn {
    this.commands += 1;
    return this.turn({ type: 'join', playerId: this.facts.some(({ event }) => event.type === 'player.joined' && event.playerId === name) ? `${name}${this.commands}` : name, joinId, nickname: name, recvAt: this.now });
  }

  answer(playerId: string, qid: string, value: AnswerValue, more: { answerId?: string; recvAt?: number; creditMs?: number } = {}): Turn {
    const { answerId = `${playerId}-${qid}`, recvAt = this.now, creditMs = 0 } = more;
    return this.turn({ type: 'answer', playerId, answerId, qid, value, recvAt, creditMs });
  }

  host(order: HostOrder, args: HostArgs = {}, more: { cmdId?: string; ifSeq?: number; recvAt?: number } = {}): Turn {
    this.commands += 1;
    const { cmdId = `cmd-${this.commands}`, recvAt = this.now, ifSeq } = more;
    return this.turn({ type: 'host', cmdId, order, args, recvAt, ...(ifSeq !== undefined && { ifSeq }) });
  }

  /** A fresh state with the same history. */
  replayed(facts: readonly Fact[] = this.facts): SessionState {
    const state = initialState('7K3M9QRT', () => this.deck);
    for (const { event, meta } of facts) quizDecider.evolve(state, JSON.parse(JSON.stringify(event)) as Event, meta);
    return state;
  }
}
