import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LinkClock } from '../../src/core/link-clock.js';
import { Stamps } from '../../src/core/stamps.js';
import { Wheel } from '../../src/core/wheel.js';
import { VirtualTime } from './virtual-time.js';

describe('the clock of a link', () => {
  it('is unknown before the first round trip', () => {
    const clock = new LinkClock();
    expect(clock.known).toBe(false);
    expect(() => clock.toNode(1)).toThrow(RangeError);
  });

  it('trusts one short round trip, or a few long ones', () => {
    const short = new LinkClock();
    short.observe(0, 1, 0);
    expect(short.settled).toBe(true);
    const long = new LinkClock();
    long.observe(0, 300, 0);
    long.observe(100, 400, 0);
    expect(long.settled).toBe(false);
    long.observe(200, 500, 0);
    expect(long.settled).toBe(true);
  });

  it('is off by half of the shortest round trip at most, however the way is split', () => {
    const trips = fc.array(fc.record({ there: fc.double({ min: 0, max: 200, noNaN: true }), back: fc.double({ min: 0, max: 200, noNaN: true }) }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(trips, fc.integer({ min: -1e6, max: 1e6 }), (ways, skew) => {
        const clock = new LinkClock();
        let now = 0;
        let shortest = Number.POSITIVE_INFINITY;
        for (const { there, back } of ways) {
          clock.observe(now, now + there + back, now + there + skew);
          shortest = Math.min(shortest, there + back);
          now += 75;
        }
        expect(Math.abs(clock.toNode(now) - (now + skew))).toBeLessThanOrEqual(shortest / 2 + 1e-6);
      }),
    );
  });

  it('forgets old samples, so that it follows a clock that drifts', () => {
    const clock = new LinkClock();
    clock.observe(0, 1, 0.5);
    for (let now = 100; now < 20_000; now += 100) clock.observe(now, now + 2, now + 1 + now / 1_000);
    expect(clock.toNode(20_000)).toBeGreaterThan(20_000 + 9);
  });

  it('never gives less than a clock that was shown to what came after it (T3)', () => {
    const steps = fc.array(fc.record({ ms: fc.integer({ min: 0, max: 3_000 }), there: fc.integer({ min: 0, max: 400 }), back: fc.integer({ min: 0, max: 400 }), show: fc.boolean() }), { minLength: 2, maxLength: 80 });
    fc.assert(
      fc.property(steps, (all) => {
        const clock = new LinkClock();
        let now = 0;
        let shown = Number.NEGATIVE_INFINITY;
        for (const { ms, there, back, show } of all) {
          now += ms;
          clock.observe(now - there - back, now, now - back);
          expect(clock.toNode(now)).toBeGreaterThanOrEqual(shown);
          if (show) shown = clock.show(now);
        }
      }),
    );
  });
});

describe('stamps', () => {
  const limits = { stallTickMs: 20, stallMs: 45 };

  it('are the time of reading while the loop turns', () => {
    const time = new VirtualTime();
    const stamps = new Stamps(time, time, limits);
    stamps.start();
    for (let i = 0; i < 50; i++) {
      time.advance(7);
      expect(stamps.stamp()).toBe(time.mono());
    }
    expect(stamps.stalls).toBe(0);
    stamps.stop();
  });

  it('never go back, whatever stalls', () => {
    const steps = fc.array(fc.record({ ms: fc.integer({ min: 0, max: 300 }), how: fc.constantFrom('advance', 'freeze', 'freeze and fire', 'poll') }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (all) => {
        const time = new VirtualTime();
        const stamps = new Stamps(time, time, limits);
        stamps.start();
        let last = stamps.stamp();
        let lastAwake = stamps.awake();
        for (const { ms, how } of all) {
          if (how === 'advance') time.advance(ms);
          if (how.startsWith('freeze')) time.freeze(ms);
          if (how === 'freeze and fire') time.fireDue();
          if (how === 'poll') time.poll();
          const now = stamps.stamp();
          expect(now).toBeGreaterThanOrEqual(last);
          expect(now).toBeLessThanOrEqual(time.mono());
          expect(stamps.awake()).toBeGreaterThanOrEqual(lastAwake);
          last = now;
          lastAwake = stamps.awake();
        }
      }),
    );
  });

  it('leave the time of a stall out of awake', () => {
    const time = new VirtualTime();
    const stamps = new Stamps(time, time, limits);
    stamps.start();
    time.advance(1_000);
    const before = stamps.awake();
    time.freeze(60_000);
    time.fireDue();
    time.settle();
    time.advance(1_000);
    expect(stamps.awake() - before).toBeGreaterThanOrEqual(1_000);
    expect(stamps.awake() - before).toBeLessThan(1_100);
    expect(stamps.stalls).toBe(1);
  });
});

describe('the wheel', () => {
  it('looks at each thing once, not early, and at most a slot late', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 40 }), (delays) => {
        const time = new VirtualTime();
        const seen: { due: number; at: number }[] = [];
        const wheel = new Wheel<{ due: number }>(time, time, ({ due }) => seen.push({ due, at: time.mono() }));
        wheel.start();
        for (const ms of delays) {
          wheel.after(ms, { due: time.mono() + ms });
          time.advance(37);
        }
        time.advance(25_000);
        wheel.stop();
        expect(seen).toHaveLength(delays.length);
        for (const { due, at } of seen) {
          expect(at).toBeGreaterThanOrEqual(due);
          expect(at - due).toBeLessThanOrEqual(200);
        }
      }),
    );
  });

  it('moves a thing, forgets a thing, and catches up after a stall', () => {
    const time = new VirtualTime();
    const seen: string[] = [];
    const wheel = new Wheel<{ name: string }>(time, time, ({ name }) => seen.push(name));
    wheel.start();
    const [moved, forgotten, first, second] = ['moved', 'forgotten', 'first', 'second'].map((name) => ({ name }));
    if (!moved || !forgotten || !first || !second) throw new Error('four things');
    wheel.after(500, moved);
    wheel.after(500, forgotten);
    wheel.after(3_000, second);
    wheel.after(2_000, first);
    wheel.after(9_000, moved);
    wheel.forget(forgotten);
    time.advance(1_000);
    expect(seen).toEqual([]);
    time.freeze(5_000_000);
    time.fireDue();
    expect(seen).toEqual(['first', 'second', 'moved']);
  });
});
