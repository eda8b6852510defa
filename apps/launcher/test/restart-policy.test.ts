import { describe, expect, it } from '@jest/globals';
import { RestartPolicy } from '../src/restart-policy.js';

describe('restart policy', () => {
  it('waits longer after each death and gives up at the fifth within a minute', () => {
    const policy = new RestartPolicy();
    expect([0, 1_000, 2_000, 3_000, 4_000].map((at) => policy.died(at))).toEqual([100, 400, 1_600, 5_000, null]);
  });

  it('forgets deaths older than a minute', () => {
    const policy = new RestartPolicy();
    for (const at of [0, 1, 2, 3]) policy.died(at);
    expect(policy.died(60_003)).toBe(100);
  });
});
