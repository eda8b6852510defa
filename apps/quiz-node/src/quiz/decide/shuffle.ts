/** One order of the options per session, drawn from its seed and journaled, so that a replay never has to draw it again. */
import type { PublicQuestion } from '../definition.js';

/** mulberry32 (T. Ettinger, public domain): 32 bits of state, numbers in [0, 1). */
function numbersFrom(seed: number): () => number {
  let a = seed | 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Per question the places in the deck of its options, one digit each, by Fisher and Yates; "" for a question without options. */
export function shuffledOrders(questions: readonly PublicQuestion[], seed: number): string[] {
  const next = numbersFrom(seed);
  return questions.map(({ options }) => {
    const places = (options ?? []).map((_option, place) => place);
    for (let last = places.length - 1; last > 0; last -= 1) {
      const other = Math.floor(next() * (last + 1));
      const place = places[last] as number;
      places[last] = places[other] as number;
      places[other] = place;
    }
    return places.join('');
  });
}
