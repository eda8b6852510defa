/** Every planted fault. */
import { actorMutants } from './actor-mutants.js';
import { domainMutants } from './domain-mutants.js';
import { doubledMutants } from './doubled-mutants.js';
import { edgeMutants } from './edge-mutants.js';
import type { Mutant } from './mutant.js';
import { ownershipMutants } from './ownership-mutants.js';

export const allMutants: readonly Mutant[] = [...actorMutants, ...ownershipMutants, ...edgeMutants, ...domainMutants, ...doubledMutants];
