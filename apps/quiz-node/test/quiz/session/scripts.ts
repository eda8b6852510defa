/** Arbitrary sessions: short lists of steps, and how a world takes them. The values are small on purpose, so that the same players and questions meet often. */
import fc from 'fast-check';
import type { HostOrder } from '../../../src/quiz/commands.js';
import type { AnswerValue, Deck, KeyValue, PublicQuestion } from '../../../src/quiz/definition.js';
import { deckOfAll } from './decks.js';
import { World } from './world.js';
import type { Turn } from './world.js';

export type Step =
  | { readonly kind: 'join' | 'leave' | 'unban'; readonly who: number }
  | { readonly kind: 'rename'; readonly who: number; readonly to: number }
  | { readonly kind: 'answer'; readonly who: number; readonly question: number; readonly value: number; readonly late: number; readonly credit: number }
  | { readonly kind: 'host'; readonly order: HostOrder; readonly who: number; readonly question: number; readonly late: number }
  | { readonly kind: 'correct'; readonly question: number; readonly key: number }
  | { readonly kind: 'outage'; readonly ms: number }
  | { readonly kind: 'closeIfAll'; readonly gone: readonly number[] }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'cancel' };

const NAMES = ['ann', 'bob', 'cat', 'dan', 'eve'] as const;
const nameAt = (index: number): string => NAMES[index % NAMES.length] as string;

/** Some right, some wrong, some impossible. */
function valuesFor({ type }: PublicQuestion): readonly AnswerValue[] {
  switch (type) {
    case 'single': case 'poll': return ['a', 'b', 'c', 'z'];
    case 'multiple': return [['a'], ['b', 'a'], ['a', 'b', 'c'], []];
    case 'trueFalse': return [true, false, 'true'];
    case 'text': return ['paris', 'PARYS', 'Rome', ' '];
    case 'numeric': return [12.5, 13, 13.1, 'x'];
    case 'ordering': return [['c', 'b', 'd', 'a'], ['c', 'b', 'a', 'd'], ['a', 'b'], ['a', 'c', 'b', 'd']];
  }
}

function keysFor({ type }: PublicQuestion): readonly KeyValue[] {
  switch (type) {
    case 'single': case 'poll': return ['a', 'b', 'c'];
    case 'multiple': return [['a'], ['c', 'd']];
    case 'trueFalse': return [true, false];
    case 'text': return [{ accept: ['Rome'], editDistance: 0, accents: true }];
    case 'numeric': return [{ value: 13, tolerance: 0 }];
    case 'ordering': return [['a', 'b', 'c', 'd']];
  }
}

const who = fc.nat(NAMES.length - 1);
const question = fc.nat(7);
const late = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: -700, max: 1_200 }) });
const order = fc.constantFrom<HostOrder>(
  'start', 'start', 'next', 'next', 'next', 'next', 'close', 'reveal', 'reveal', 'leaderboard', 'pause', 'resume', 'resume', 'resume', 'extend', 'skip', 'void', 'lock', 'unlock', 'kick', 'ban', 'end',
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('join' as const), who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('leave' as const, 'unban' as const), who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rename' as const), who, to: who }) },
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('answer' as const), who, question, value: fc.nat(3), late, credit: fc.nat(200) }) },
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('host' as const), order, who, question, late }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('correct' as const), question, key: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('outage' as const), ms: fc.integer({ min: 1, max: 5_000 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('closeIfAll' as const), gone: fc.array(who, { maxLength: 5 }) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.oneof(fc.integer({ min: 1, max: 800 }), fc.integer({ min: 1, max: 12_000 })) }) },
);
const cancel: fc.Arbitrary<Step> = fc.record({ kind: fc.constant('cancel' as const) });

export interface Script {
  /** First question and how many. */
  readonly deck: readonly [number, number];
  /** Players who join first and do nothing; with 30 the session outgrows its small form on the way. */
  readonly crowd: number;
  readonly settings: object;
  readonly steps: readonly Step[];
}

const settings = fc.record(
  {
    scoring: fc.constantFrom('halfDecay@1', 'fullDecay@1', 'flat@1'),
    streak: fc.boolean(),
    liveScores: fc.constantFrom('reveal', 'immediate'),
    reveal: fc.constantFrom('auto', 'auto', 'host'),
    autoAdvance: fc.record({ revealMs: fc.nat(3_000), boardMs: fc.nat(3_000), podiumMs: fc.nat(3_000) }),
    shuffleOptions: fc.boolean(),
    timing: fc.record({ startMs: fc.constantFrom(0, 500), readMs: fc.constantFrom(0, 700) }),
  },
  { requiredKeys: ['timing'] },
);

/** Most begin with players and a start, so that the game is on. */
export const scripts: fc.Arbitrary<Script> = fc.record({
  deck: fc.tuple(fc.nat(7), fc.integer({ min: 1, max: 8 })),
  crowd: fc.constantFrom(0, 0, 0, 30, 40),
  settings,
  steps: fc
    .tuple(
      fc.constantFrom<readonly Step[]>([], [0, 1, 2].map((each) => ({ kind: 'join', who: each })), [{ kind: 'join', who: 0 }, { kind: 'join', who: 1 }, { kind: 'host', order: 'start', who: 0, question: 0, late: 0 }]),
      fc.array(step, { maxLength: 90, size: 'max' }),
      fc.oneof({ weight: 9, arbitrary: fc.constant<readonly Step[]>([]) }, { weight: 1, arbitrary: fc.tuple(cancel) }),
    )
    .map((parts) => parts.flat()),
});

/** The current question more often than not. */
function questionFor(world: World, index: number): PublicQuestion {
  const current = world.state.runs.length - 1;
  return world.deck.questions[index < 5 && current >= 0 ? current : index % world.deck.questions.length] as PublicQuestion;
}

export function perform(world: World, each: Step): Turn {
  switch (each.kind) {
    case 'join': return world.join(nameAt(each.who));
    case 'leave': return world.turn({ type: 'leave', playerId: nameAt(each.who), recvAt: world.now });
    case 'unban': return world.turn({ type: 'unban', playerId: nameAt(each.who), recvAt: world.now });
    case 'rename': return world.turn({ type: 'setNickname', playerId: nameAt(each.who), nickname: `${nameAt(each.to)}y`, recvAt: world.now });
    case 'answer': {
      const asked = questionFor(world, each.question);
      const values = valuesFor(asked);
      return world.answer(nameAt(each.who), asked.qid, values[each.value % values.length] as AnswerValue, { recvAt: Math.max(0, world.now - each.late), creditMs: each.credit });
    }
    case 'host': {
      const { qid } = questionFor(world, each.question);
      return world.host(each.order, { ms: 1_000 + each.question, qid, playerId: nameAt(each.who) }, { recvAt: Math.max(0, world.now - each.late) });
    }
    case 'correct': {
      const asked = questionFor(world, each.question);
      const keys = keysFor(asked);
      return world.turn({ type: 'correctKey', qid: asked.qid, key: keys[each.key % keys.length] as KeyValue, reason: 'typo', recvAt: world.now });
    }
    case 'outage': {
      const from = world.now;
      world.now += each.ms;
      // Another owner has taken over.
      world.epoch += 1;
      return world.turn({ type: 'outage', from, to: world.now });
    }
    case 'closeIfAll': return world.turn({ type: 'closeIfAll', gone: new Set(each.gone.map(nameAt)), present: true });
    case 'wait': return world.until(world.now + each.ms);
    case 'cancel': return world.turn({ type: 'cancel', reason: 'rain', recvAt: world.now });
  }
}

export function crowded(script: Script, deck: Deck, settings = script.settings): World {
  const world = new World(deck, settings);
  for (let i = 0; i < script.crowd; i += 1) world.join(`guest${i}`);
  return world;
}

/** The world after a whole script; `seen` is called after every step. */
export function played(script: Script, deck: Deck = deckOfAll(...script.deck), seen: (world: World, turn: Turn) => void = () => undefined): World {
  const world = crowded(script, deck);
  for (const each of script.steps) seen(world, perform(world, each));
  return world;
}
