/** One run of one side of one case, in this process. Started by the runner; the result goes back as a message. */
import { cases } from './catalogue.js';
import type { Params } from './harness/types.js';

const [caseName, sideName, params] = process.argv.slice(2);
const side = cases.find(({ name }) => name === caseName)?.sides.find(({ name }) => name === sideName);
if (side === undefined || params === undefined) throw new Error('usage: side.js CASE SIDE PARAMS');

const { run } = await side.load();
const result = await run(JSON.parse(params) as Params, side.name);
if (process.send === undefined) console.log(JSON.stringify(result, null, 1));
else process.send(result);
// Sockets and timers of peers may still be there; everything that counts has been sent.
process.once('disconnect', () => process.exit());
setTimeout(() => process.exit(), 50);
