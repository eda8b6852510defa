/** The questions that are played: one of each type, with what players may answer. What is right is not said here: the engine and the checker each work it out. */
import type { AnswerValue, KeyValue, PublicQuestion, QuestionType } from '../../apps/quiz-node/src/quiz/definition.js';
import type { Chance } from './world/chance.js';

const IDS = ['a', 'b', 'c', 'd'];
const options = IDS.map((id) => ({ id, text: `Option ${id}` }));

/** Two keys each: the one that is committed, and the one that a correction puts in its place. */
export interface QuestionPlan {
  readonly face: Pick<PublicQuestion, 'type' | 'options' | 'partial'>;
  readonly key: KeyValue;
  readonly other: KeyValue;
}

const TYPES: readonly QuestionType[] = ['single', 'single', 'single', 'single', 'multiple', 'multiple', 'trueFalse', 'text', 'numeric', 'ordering', 'poll'];

export function questionOf(chance: Chance): QuestionPlan {
  const type = chance.pick(TYPES);
  const plain = { type, partial: 'allOrNothing' } as const;
  switch (type) {
    case 'single': {
      const right = chance.whole(0, IDS.length - 1);
      return { face: { ...plain, options }, key: IDS[right] as string, other: IDS[(right + 1) % IDS.length] as string };
    }
    case 'multiple':
      return { face: { type, options, partial: chance.pick(['allOrNothing', 'hamming']) }, key: ['a', 'c'], other: ['b'] };
    case 'trueFalse':
      return { face: plain, key: true, other: false };
    case 'text':
      return { face: plain, key: { accept: ['Zürich', 'Straße'], editDistance: 1, accents: false }, other: { accept: ['Zürich', 'Bern'], editDistance: 0, accents: true } };
    case 'numeric':
      return { face: plain, key: { value: 1.1, tolerance: 0.1 }, other: { value: 1.2, tolerance: 0 } };
    case 'ordering':
      return { face: { type, options, partial: chance.pick(['allOrNothing', 'inPlace']) }, key: ['b', 'a', 'c', 'd'], other: ['a', 'b', 'c', 'd'] };
    case 'poll':
      return { face: { ...plain, options }, key: null, other: null };
  }
}

export const TEXTS = ['Zürich', ' zurich ', 'ZÜRICH', 'Zürih', 'strasse', 'Straße', 'Bern', 'Zug'] as const;
export const NUMBERS = [1, 1.1, 1.2, 1.21, 0.99, -1.1] as const;

/** Something to answer, right or wrong. */
export function answerTo(chance: Chance, type: QuestionType): AnswerValue {
  switch (type) {
    case 'single':
    case 'poll':
      return chance.pick(IDS);
    case 'multiple':
      return chance.odds(0.3) ? ['a', 'c'] : chance.shuffled(IDS).slice(0, chance.whole(1, 3));
    case 'trueFalse':
      return chance.odds(0.5);
    case 'text':
      return chance.pick(TEXTS);
    case 'numeric':
      return chance.pick(NUMBERS);
    case 'ordering':
      return chance.odds(0.3) ? ['b', 'a', 'c', 'd'] : chance.shuffled(IDS);
  }
}
