/** Every case there is. */
import type { Case } from './harness/types.js';
import { scoringCases } from './scoring/cases.js';

export const cases: readonly Case[] = [...scoringCases];
