import { describe, expect, test } from '@jest/globals';
import { Chance } from '../chance.js';
import type { FaultContext, Kind } from './kinds.js';
import { injectFaults, type FaultNote } from './schedule.js';

const context = (seed: number): FaultContext => ({ chance: new Chance(seed) }) as FaultContext;

function kindOf(name: string, run: () => Promise<void>): Kind {
  return { name, weight: 1, plan: () => ({ target: name, about: name, run }) };
}

async function inject(kinds: readonly Kind[], together: number): Promise<FaultNote[]> {
  return injectFaults(context(3), { kinds, everyMs: 2, together, restMs: 0, note: () => undefined }, 60);
}

describe('a schedule', () => {
  test('draws the same faults from the same seed', async () => {
    const draw = (): string[] => {
      const chance = Chance.of(5, 'faults');
      return Array.from({ length: 20 }, () => chance.pick(['a', 'b', 'c']));
    };
    expect(draw()).toEqual(draw());
    expect(new Set(draw())).toEqual(new Set(['a', 'b', 'c']));
  });

  test('never hits one target twice at once, and not more than so many together', async () => {
    let [now, most] = [0, 0];
    const underWay = new Set<string>();
    const names = ['a', 'b', 'c', 'd'];
    const kinds = names.map((name) => kindOf(name, async () => {
      expect(underWay.has(name)).toBe(false);
      underWay.add(name);
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 10));
      now--;
      underWay.delete(name);
    }));
    const notes = await inject(kinds, 2);
    expect(most).toBe(2);
    expect(notes.length).toBeGreaterThan(3);
    expect(notes.every(({ to }) => to !== null)).toBe(true);
    expect(now).toBe(0);
  });

  test('goes on when a fault cannot be injected, and says why', async () => {
    const notes = await inject([kindOf('a', () => Promise.reject(new Error('it is gone')))], 1);
    expect(notes.length).toBeGreaterThan(1);
    expect(notes[0]).toMatchObject({ error: 'it is gone' });
  });
});
