/** What every clock, every set of timers and every source of randomness keeps to. */
import { describe, expect, test } from '@jest/globals';
import type { Clock, Random, Timers } from '@ringmaster/actors';

export function clockContract(name: string, clock: Clock, timers: Timers): void {
  const after = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      timers.after(ms, resolve);
    });

  describe(`clock and timers: ${name}`, () => {
    test('the monotonic clock never goes back, and goes on', async () => {
      let last = clock.mono();
      for (let i = 0; i < 1_000; i += 1) {
        const now = clock.mono();
        expect(now).toBeGreaterThanOrEqual(last);
        last = now;
      }
      await after(2);
      expect(clock.mono()).toBeGreaterThan(last);
    });

    test('the wall clock counts milliseconds since 1970', () => {
      expect(clock.wall()).toBeGreaterThan(Date.UTC(2020));
      expect(clock.wall()).toBeLessThan(Date.UTC(2200));
    });

    test('a timer never fires early, by the monotonic clock', async () => {
      const delays = [0, 0.1, 0.9, 1, 1.4, 2.5, 3, 7.7, 12.2, 20];
      await Promise.all(
        delays.flatMap((ms) => [ms, ms, ms]).map(async (ms) => {
          const start = clock.mono();
          await after(ms);
          expect(clock.mono() - start).toBeGreaterThanOrEqual(ms);
        }),
      );
    });

    test('a timer fires later than it is set, and once', async () => {
      let fired = 0;
      timers.after(0, () => {
        fired += 1;
      });
      expect(fired).toBe(0);
      await after(5);
      expect(fired).toBe(1);
    });

    test('a cancelled timer does not fire; cancelling one that has fired is nothing', async () => {
      let fired = 0;
      const count = (): void => {
        fired += 1;
      };
      const cancel = timers.after(1, count);
      cancel();
      cancel();
      const cancelLate = timers.after(0, count);
      await after(5);
      cancelLate();
      expect(fired).toBe(1);
    });

    test('timers fire in the order of their times', async () => {
      const fired: number[] = [];
      await Promise.all([12, 3, 8].map((ms) => after(ms).then(() => fired.push(ms))));
      expect(fired).toEqual([3, 8, 12]);
    });

    test('a very long timer does not fire at once', async () => {
      let fired = false;
      const cancel = timers.after(2 ** 40, () => {
        fired = true;
      });
      await after(5);
      expect(fired).toBe(false);
      cancel();
    });

    test('"soon" comes after the present work and its promises, in order', async () => {
      const order: string[] = [];
      const soon = new Promise<void>((resolve) => {
        timers.soon(() => order.push('first'));
        timers.soon(() => {
          order.push('second');
          resolve();
        });
      });
      void Promise.resolve().then(() => order.push('promise'));
      order.push('now');
      await soon;
      expect(order).toEqual(['now', 'promise', 'first', 'second']);
    });
  });
}

export function randomContract(name: string, random: Random): void {
  describe(`random: ${name}`, () => {
    test('bytes are as many as asked for, and not the same twice', () => {
      for (const length of [0, 1, 16, 1_000]) expect(random.bytes(length)).toHaveLength(length);
      const seen = new Set(Array.from({ length: 1_000 }, () => Buffer.from(random.bytes(16)).toString('hex')));
      expect(seen.size).toBe(1_000);
    });

    test('fractions lie in [0, 1), and everywhere in it', () => {
      const tenths = Array.from({ length: 10 }, () => 0);
      for (let i = 0; i < 10_000; i += 1) {
        const fraction = random.fraction();
        expect(fraction >= 0 && fraction < 1).toBe(true);
        tenths[Math.floor(fraction * 10)]! += 1;
      }
      // 1,000 each with a deviation of 30: ten deviations away happens to nobody.
      expect(Math.min(...tenths)).toBeGreaterThan(700);
      expect(Math.max(...tenths)).toBeLessThan(1_300);
    });
  });
}
