/** Long work in slices: between them, everything else on this node has its turn. */
import { setImmediate } from 'node:timers/promises';

export async function* breathing<T>(source: AsyncIterable<T>, slice = 500): AsyncGenerator<T> {
  let taken = 0;
  for await (const item of source) {
    yield item;
    if ((taken += 1) % slice === 0) await setImmediate();
  }
}
