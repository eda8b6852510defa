import { describe, expect, it } from '@jest/globals';
import { Admission, addressKey, isLoopback } from '../../src/core/admission.js';
import { defaultRouterLimits, type RouterLimits } from '../../src/core/router-limits.js';

const admission = (limits: Partial<RouterLimits> = {}): Admission => new Admission({ ...defaultRouterLimits, ...limits }, 0);

/** How many of `count` upgrades at `now` are let in. */
function letIn(to: Admission, count: number, remote: (i: number) => string, now: number): number {
  let passed = 0;
  for (let i = 0; i < count; i++) if (to.ask(remote(i), now) === null) passed++;
  return passed;
}

describe('admission', () => {
  it('500 upgrades a second from all together', () => {
    const all = admission();
    expect(letIn(all, 700, (i) => `10.0.${i % 250}.${i % 7}`, 0)).toBe(500);
    expect(letIn(all, 700, (i) => `10.0.${i % 250}.${i % 7}`, 1_000)).toBe(500);
    expect(all.ask('10.9.9.9', 1_000)).toEqual({ reason: 'overload', retryAfterS: 1 });
  });

  it('300 at once and 100 a second from one address; loopback is exempt', () => {
    const one = admission({ upgradesPerSecond: 1e9 });
    expect(letIn(one, 400, () => '10.0.0.1', 0)).toBe(300);
    expect(letIn(one, 400, () => '10.0.0.1', 1_000)).toBe(100);
    expect(letIn(one, 400, () => '10.0.0.2', 1_000)).toBe(300);
    expect(letIn(one, 4_000, () => '127.0.0.1', 1_000)).toBe(4_000);
    expect(one.ask('10.0.0.1', 1_000)).toMatchObject({ reason: 'address' });
  });

  it('counts the sockets of an address', () => {
    const few = admission({ ipSocketsMax: 2 });
    few.entered('10.0.0.1', 0);
    few.entered('10.0.0.1', 0);
    expect(few.ask('10.0.0.1', 0)).toMatchObject({ reason: 'address' });
    expect(few.ask('10.0.0.2', 0)).toBeNull();
    few.left('10.0.0.1', false);
    expect(few.ask('10.0.0.1', 0)).toBeNull();
  });

  it('bounds all sockets, and those that have not said who they are', () => {
    const bounded = admission({ socketsMax: 3, unauthenticatedSocketsMax: 2 });
    bounded.entered('10.0.0.1', 0);
    bounded.entered('10.0.0.2', 0);
    expect(bounded.ask('10.0.0.3', 0)).toMatchObject({ reason: 'overload' });
    bounded.authenticated();
    expect(bounded.ask('10.0.0.3', 0)).toBeNull();
    bounded.entered('10.0.0.3', 0);
    bounded.authenticated();
    expect(bounded.ask('10.0.0.4', 0)).toMatchObject({ reason: 'overload' });
    bounded.left('10.0.0.1', true);
    expect(bounded.ask('10.0.0.4', 0)).toBeNull();
    expect([bounded.sockets, bounded.unauthenticated]).toEqual([2, 1]);
  });

  it('forgets addresses that are as good as new, and keeps those that are not', () => {
    const many = admission({ upgradesPerSecond: 1e9, ipBurstUpgrades: 1, ipUpgradesPerSecond: 1 });
    const address = (i: number): string => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
    expect(letIn(many, 50_000, address, 0)).toBe(50_000);
    expect(many.ask('11.0.0.1', 0)).toMatchObject({ reason: 'overload' });
    expect(many.ask('11.0.0.1', 1_000)).toBeNull();
    expect(many.ask('11.0.0.1', 1_000)).toMatchObject({ reason: 'address' });
  });

  it.each([
    ['127.0.0.1', true], ['127.9.9.9', true], ['::1', true], ['::ffff:127.0.0.1', true], ['10.127.0.1', false], ['1127.0.0.1', false], ['::2', false],
  ])('loopback %s: %s', (remote, expected) => {
    expect(isLoopback(remote)).toBe(expected);
  });

  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:0001:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1', 'fe80:0:0:0::/64'],
  ])('%s counts as %s', (remote, expected) => {
    expect(addressKey(remote)).toBe(expected);
  });
});
