/** Every case there is. */
import { answerCases } from './answers/cases.js';
import { clusterCases } from './cluster/cases.js';
import { fanOutCases } from './fanout/cases.js';
import type { Case } from './harness/types.js';
import { kafkaCases } from './kafka/cases.js';
import { memoryCases } from './memory/cases.js';
import { recoveryCases } from './recovery/cases.js';
import { scoringCases } from './scoring/cases.js';

export const cases: readonly Case[] = [...answerCases, ...fanOutCases, ...scoringCases, ...memoryCases, ...recoveryCases, ...kafkaCases, ...clusterCases];
