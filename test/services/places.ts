/** Where the servers' programs, data and locks lie. All of it is in one ignored folder of the repository. */
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');
/** What is kept between runs: downloads, and the servers that `npm run services -- up` has started. */
export const cacheFolder = join(root, '.services');
/** One folder per server that a test has started; those of dead processes are removed at the next start. */
export const runsFolder = join(cacheFolder, 'run');
