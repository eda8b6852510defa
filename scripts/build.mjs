// Compiles both libraries and every program, incrementally, into dist/ and libs/*/dist/.
import { spawnSync } from 'node:child_process';
const tsc = new URL('../node_modules/typescript/bin/tsc', import.meta.url).pathname;
const result = spawnSync(process.execPath, [tsc, '-b', 'tsconfig.build.json', ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(result.status ?? 1);
