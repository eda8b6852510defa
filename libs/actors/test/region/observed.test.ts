/** What the region tells those who look after the cluster. */
import { describe, expect, test } from '@jest/globals';
import { defaultLimits } from '../../src/limits.js';
import { Cluster } from '../fakes/cluster.js';

describe('how long it took to get a shard', () => {
  test('of a node that has died: with the probes of it', async () => {
    const cluster = new Cluster({ shards: 4 });
    const a = await cluster.start('a');
    expect(a.recoveries.map(({ shard }) => shard).sort()).toEqual([0, 1, 2, 3]);
    cluster.kill('a');
    const b = await cluster.start('b');
    cluster.publish(['b']);
    expect(b.recoveries).toEqual([]);
    await cluster.time.advance(2_000);
    expect(b.recoveries.map(({ shard }) => shard).sort()).toEqual([0, 1, 2, 3]);
    for (const { ms } of b.recoveries) {
      expect(ms).toBeGreaterThanOrEqual(defaultLimits.probeGapMs);
      expect(ms).toBeLessThan(2_000);
    }
  });

  test('is not told of a shard whose owner answers', async () => {
    const cluster = new Cluster({ shards: 4 });
    const a = await cluster.start('a');
    const b = await cluster.start('b');
    expect([a.recoveries.length, b.recoveries.length]).toEqual([4, 0]);
    expect(b.region.stats()).toMatchObject({ owned: 0, unsettled: 0 });
  });
});

test('shards that cannot be recovered are unsettled, and not owned', async () => {
  const cluster = new Cluster({ shards: 2 });
  const node = await cluster.start('a');
  expect(node.region.stats()).toMatchObject({ owned: 2, unsettled: 0 });
  cluster.kill('a');
  const next = await cluster.start('b');
  cluster.publish(['b']);
  next.snapshots.down = true;
  await cluster.time.advance(2_000);
  expect(next.region.stats()).toMatchObject({ owned: 0, unsettled: 2 });
  next.snapshots.down = false;
  await cluster.time.advance(10_000);
  expect(next.region.stats()).toMatchObject({ owned: 2, unsettled: 0 });
});

test('a process that stood still says for how long', async () => {
  const cluster = new Cluster();
  const node = await cluster.start('a');
  await cluster.time.advance(5_000);
  expect(node.hangs).toEqual([]);
  cluster.time.freeze(3_000);
  await cluster.time.advance(0);
  expect(node.hangs).toHaveLength(1);
  expect(node.hangs[0]).toBeGreaterThanOrEqual(3_000);
});
