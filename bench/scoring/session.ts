/** A session of the domain alone: decide and evolve, without the layers around them. Time is a number that the caller moves. */
import type { Command, HostOrder } from '../../apps/quiz-node/src/quiz/commands.js';
import { initialState, quizDecider, type SessionState } from '../../apps/quiz-node/src/quiz/decider.js';
import { normaliseQuiz } from '../../apps/quiz-node/src/quiz/deck/normalise.js';
import { normaliseSettings } from '../../apps/quiz-node/src/quiz/deck/settings.js';
import type { Deck } from '../../apps/quiz-node/src/quiz/definition.js';

export const LIMIT_MS = 20_000;
export const CHOICES = ['a', 'b', 'c', 'd'] as const;

const hex = (bytes: number): string => 'ab'.repeat(bytes);

/** Single-choice questions of 1,000 points each; the first option is right. */
export function deckOf(questions: number, title = 'Benchmark'): Deck {
  const options = CHOICES.map((id) => ({ id, text: `option ${id}` }));
  const result = normaliseQuiz({ title, questions: Array.from({ length: questions }, (_, i) => ({ type: 'single', text: `question ${i + 1}`, options, key: 'a', limitMs: LIMIT_MS })) });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.deck;
}

export class DomainSession {
  readonly state: SessionState;
  #n = 0;
  #commands = 0;

  /** `now`: session time at the beginning, ms. */
  constructor(
    deck: Deck,
    settings: object = {},
    public now = 1_000_000,
  ) {
    const full = normaliseSettings({ timing: { startMs: 0, readMs: 0 }, leadMs: 0, reveal: 'host', maxPlayers: 100_000, ...settings }, deck);
    if (!full.ok) throw new Error(JSON.stringify(full.errors));
    this.state = initialState('BENCH001', () => deck);
    this.tell({
      type: 'create', deck, settings: full.settings, e: 'e1', sessionSecret: hex(32), hostTokenSha256: hex(32), presenterTokenSha256: hex(32),
      salts: deck.questions.map(() => hex(32)), seed: 1, owner: 'local', recvAt: this.now,
    });
  }

  /** One turn: decide, evolve, and the deadlines that fall due with it. @throws for a refusal. */
  tell(command: Command): void {
    const { state, now } = this;
    const meta = { shard: 0, epoch: 1, n: (this.#n += 1), at: now };
    const decision = quizDecider.decide(state, command, now);
    if (decision.kind === 'stash') throw new Error(`${command.type} was put off`);
    for (const event of decision.events) quizDecider.evolve(state, event, meta);
    const reply = decision.reply(state, meta);
    if (!reply.ok) throw new Error(`${command.type} was refused: ${reply.code}`);
    if (command.type !== 'host') return;
    for (let due = quizDecider.nextDeadline(state); due !== null && !due.behindReceived && due.at <= now; due = quizDecider.nextDeadline(state)) {
      const next = quizDecider.decide(state, { type: 'deadline', present: true, hostPresent: true }, now);
      if (next.kind === 'stash' || next.events.length === 0) return;
      for (const event of next.events) quizDecider.evolve(state, event, meta);
    }
  }

  join(players: number): void {
    for (let i = 0; i < players; i += 1) this.tell({ type: 'join', playerId: playerId(i), joinId: `join-${i}`, nickname: `player ${i}`, recvAt: this.now });
  }

  order(order: HostOrder): void {
    this.tell({ type: 'host', cmdId: `c${(this.#commands += 1)}`, order, args: {}, recvAt: this.now });
  }
}

/** As long as those of the product: 16 characters. */
export const playerId = (i: number): string => `player-${String(i).padStart(9, '0')}`;
