/** How a bot answers: right with the probability of its skill, else at random. */
import type { Chance } from './chance.js';

export interface KnownQuestion {
  readonly id: string;
  readonly type: string;
  readonly options?: readonly { readonly id: string }[];
  readonly key?: unknown;
}

export function choose(question: KnownQuestion, skill: number, chance: Chance): unknown {
  const knows = chance.fraction() < skill;
  const ids = question.options?.map((option) => option.id) ?? [];
  const any = () => ids[chance.below(ids.length)];
  switch (question.type) {
    case 'single':
      return knows ? question.key : any();
    case 'poll':
      return any();
    case 'multiple':
      return knows ? question.key : chance.shuffled(ids).slice(0, 1 + chance.below(ids.length));
    case 'ordering':
      return knows ? question.key : chance.shuffled(ids);
    case 'trueFalse':
      return knows ? question.key : chance.fraction() < 0.5;
    case 'numeric': {
      const value = typeof question.key === 'number' ? question.key : (question.key as { value: number }).value;
      return knows ? value : value + 1 + chance.below(9);
    }
    default: {
      const accepted = Array.isArray(question.key) ? (question.key as string[]) : (question.key as { accept: string[] }).accept;
      return knows ? accepted[0] : 'no idea';
    }
  }
}
