/** P13, our side: the journal of the data folder. */
import type { SideResult } from '../harness/types.js';
import { openNode } from './journal.js';
import { timed } from './timed.js';

export const run = (): Promise<SideResult> => timed(openNode);
