import { actorMutants } from './actor-mutants.js';
import { edgeMutants } from './edge-mutants.js';
import { hunt } from './hunt.js';
const only = process.argv[2];
const n = Number(process.argv[3] ?? 100);
const from = Number(process.argv[4] ?? 1);
process.on('unhandledRejection', (e) => console.log('UNHANDLED', e));
for (const mutant of [...actorMutants, ...edgeMutants]) {
  if (only && only !== 'all' && !mutant.name.match(only)) continue;
  const began = performance.now();
  try {
    const { seed, about, others, seedsTried } = await hunt(mutant, Array.from({ length: n }, (_, i) => from + i));
    console.log(mutant.name, '|', mutant.rule, '|', mutant.breaks, seed === undefined ? 'ESCAPED' : `seed ${seed}`, seedsTried, Math.round(performance.now() - began), 'ms', JSON.stringify([...others]), about.slice(0, 140));
  } catch (e) { console.log(mutant.name, 'ERROR', String(e).slice(0, 300)); }
}
