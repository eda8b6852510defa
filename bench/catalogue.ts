/** Every case there is. */
import type { Case } from './harness/types.js';
import { answerCases } from './answers/cases.js';
import { scoringCases } from './scoring/cases.js';

export const cases: readonly Case[] = [...answerCases, ...scoringCases];
