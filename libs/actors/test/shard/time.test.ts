import { beforeEach, describe, expect, test } from '@jest/globals';
import { encodeRecord } from '../../src/log/record.js';
import { Cluster, type ClusterOptions, type TestNode } from '../fakes/cluster.js';

let cluster: Cluster;
let node: TestNode;

const eventTypes = () => cluster.log().flatMap(({ events }) => ((events ?? []) as { type: string }[]).map(({ type }) => type));
const now = () => node.region.sessionTime(0);

async function given(options: ClusterOptions = {}): Promise<void> {
  cluster = new Cluster(options);
  node = await cluster.start('a');
}

async function restart(): Promise<TestNode> {
  cluster.kill('a');
  return (node = await cluster.start('a'));
}

describe('T1: session time', () => {
  beforeEach(() => given());

  test('the wall clock read once: its later jumps change nothing', async () => {
    const before = now();
    cluster.time.stepWall(-60_000);
    await cluster.time.advance(1_000);
    expect(now()).toBe(before + 1_000);
  });

  test('never below the last journaled time, whatever the next owner’s wall clock says', async () => {
    await node.ask('x', { type: 'add', by: 1 });
    const before = now();
    cluster.time.stepWall(-3_600_000);
    await restart();
    expect(now()).toBeGreaterThanOrEqual(before);
  });

  test('never below what the routers say that the last owner’s clock would show; others are told of the change', async () => {
    const floor = now() + 5_000;
    node.region.reportTime(0, floor - cluster.time.mono());
    await cluster.time.settle();
    expect(now()).toBe(floor);
    expect(node.said).toEqual(['owned 0@1', 'owned 0@1']);
    node.region.reportTime(0, floor - 3_000 - cluster.time.mono());
    expect(now()).toBe(floor);
  });

  test('a report that comes before the shard is active counts as well, as time goes on', async () => {
    await node.ask('x', { type: 'add', by: 1 });
    cluster.kill('a');
    const starting = cluster.start('a');
    const next = cluster.nodes.get('a')!;
    next.journal.next('held');
    await starting;
    const floor = cluster.time.wall() + 9_000;
    next.region.reportTime(0, floor - cluster.time.mono());
    await cluster.time.advance(500);
    next.journal.held[0]!.answer();
    await cluster.time.settle();
    expect(next.region.sessionTime(0)).toBe(floor + 500);
  });
});

describe('deadlines', () => {
  beforeEach(() => given());

  test('one that is due within a turn belongs to that turn: one record, and the reply is made at its end', async () => {
    const answer = await node.ask('x', { type: 'chain', times: 3 });
    expect(answer).toMatchObject({ reply: { n: 2 } });
    expect(cluster.log()[2]).toMatchObject({ kind: 'turn', n: 2 });
    expect(eventTypes()).toEqual(['chained', 'chained', 'chained', 'chained']);
  });

  test('too many within one turn are a fault, and the turn is undone', async () => {
    expect(await node.ask('x', { type: 'chain', times: 100 })).toMatchObject({ dropped: 'faulted' });
    expect(eventTypes()).toEqual([]);
    expect(await node.ask('x', { type: 'add', by: 1 })).toMatchObject({ reply: { total: 1 } });
  });

  test('one in the future fires at its time, not before', async () => {
    await node.ask('x', { type: 'open', forMs: 5_000, behindReceived: false });
    await cluster.time.advance(4_999);
    expect(eventTypes()).toEqual(['opened']);
    await cluster.time.advance(1);
    expect(eventTypes()).toEqual(['opened', 'closed']);
  });

  test('one that moves fires once, at the new time', async () => {
    await node.ask('x', { type: 'open', forMs: 5_000, behindReceived: false });
    await cluster.time.advance(1_000);
    await node.ask('x', { type: 'outage', byMs: 2_000 });
    await cluster.time.advance(5_999);
    expect(eventTypes()).toEqual(['opened', 'extended']);
    await cluster.time.advance(1);
    expect(eventTypes()).toEqual(['opened', 'extended', 'closed']);
  });

  test('one whose command causes nothing fires again a second later, or when somebody comes or goes', async () => {
    node.counter.deaf = true;
    await node.ask('x', { type: 'open', forMs: 1_000, behindReceived: true });
    await cluster.time.advance(1_000);
    expect(node.counter.closings).toBe(1);
    node.region.touch('x');
    await cluster.time.settle();
    expect(node.counter.closings).toBe(2);
    await cluster.time.advance(999);
    expect(node.counter.closings).toBe(2);
    await cluster.time.advance(3_001);
    expect(node.counter.closings).toBe(6);
  });

  test('thousands of them fire in the order of their times', async () => {
    for (let i = 0; i < 200; i++) await node.ask(`x${i}`, { type: 'open', forMs: 10_000 - 7 * i, behindReceived: false });
    await cluster.time.advance(11_000);
    const closed = cluster.log().filter(({ events }) => (events as { type: string }[] | undefined)?.[0]?.type === 'closed');
    expect(closed.map(({ entityId }) => entityId)).toEqual(Array.from({ length: 200 }, (_, i) => `x${199 - i}`));
  });
});

describe('T3: a deadline behind what was received', () => {
  beforeEach(async () => {
    await given({ routers: ['r1', 'r2'] });
    for (const router of ['r1', 'r2']) node.region.edgeAttached(router, 0, 1);
    await node.ask('x', { type: 'open', forMs: 5_000, behindReceived: true });
  });

  test('a router that the membership misses is waited for while it has its link', async () => {
    node.region.edgeAttached('r3', 0, 1);
    const show = (...routers: string[]) => routers.forEach((router) => node.region.edgeClock(router, cluster.time.mono() + 1));
    await cluster.time.advance(5_100);
    show('r1', 'r2');
    await cluster.time.settle();
    expect(eventTypes()).toEqual(['opened']);
    show('r3');
    await cluster.time.settle();
    expect(eventTypes()).toEqual(['opened', 'closed']);
  });

  test('and not any more when its link is gone', async () => {
    node.region.edgeAttached('r3', 0, 1);
    node.region.edgeGone('r3');
    await cluster.time.advance(5_100);
    for (const router of ['r1', 'r2']) node.region.edgeClock(router, cluster.time.mono() + 1);
    await cluster.time.settle();
    expect(eventTypes()).toEqual(['opened', 'closed']);
  });

  test('it waits until every router has shown a clock past it', async () => {
    await cluster.time.advance(5_100);
    node.region.edgeClock('r1', cluster.time.mono());
    await cluster.time.settle();
    expect(eventTypes()).toEqual(['opened']);
    node.region.edgeClock('r2', cluster.time.mono());
    await cluster.time.settle();
    expect(eventTypes()).toEqual(['opened', 'closed']);
  });

  test('what a router handed over before it showed its clock has its turn first', async () => {
    await cluster.time.advance(5_100);
    const inTime = node.tell('x', { type: 'add', by: 1, recvAt: now() - 1_000 });
    for (const router of ['r1', 'r2']) node.region.edgeClock(router, cluster.time.mono());
    await cluster.time.settle();
    expect(inTime.outcome).toMatchObject({ reply: { total: 1 } });
    expect(eventTypes()).toEqual(['opened', 'added', 'closed']);
  });

  test('a clock that is not past it does not count', async () => {
    await cluster.time.advance(5_100);
    for (const router of ['r1', 'r2']) node.region.edgeClock(router, cluster.time.mono() - 101);
    await cluster.time.settle();
    expect(eventTypes()).toEqual(['opened']);
  });

  test('a clock shown before `attached`, or after `attached` of another epoch, does not count', async () => {
    node.region.edgeGone('r2');
    node.region.edgeAttached('r2', 0, 7);
    await cluster.time.advance(5_100);
    for (const router of ['r1', 'r2']) node.region.edgeClock(router, cluster.time.mono());
    await cluster.time.settle();
    expect(eventTypes()).toEqual(['opened']);
    node.region.edgeAttached('r2', 0, 1);
    node.region.edgeClock('r1', cluster.time.mono());
    await cluster.time.settle();
    expect(eventTypes()).toEqual(['opened']);
    node.region.edgeClock('r2', cluster.time.mono());
    await cluster.time.settle();
    expect(eventTypes()).toEqual(['opened', 'closed']);
  });

  test('a router whose link broke counts again only after its next `attached`', async () => {
    await cluster.time.advance(5_100);
    node.region.edgeClock('r1', cluster.time.mono());
    node.region.edgeGone('r1');
    node.region.edgeClock('r1', cluster.time.mono());
    node.region.edgeClock('r2', cluster.time.mono());
    await cluster.time.settle();
    expect(eventTypes()).toEqual(['opened']);
  });

  test('after closeWaitMs it fires whatever the routers say', async () => {
    await cluster.time.advance(6_999);
    expect(eventTypes()).toEqual(['opened']);
    await cluster.time.advance(1);
    expect(eventTypes()).toEqual(['opened', 'closed']);
  });

  test('one that was moved while it waited in the mailbox does not fire', async () => {
    await cluster.time.advance(5_100);
    const extended = node.tell('x', { type: 'outage', byMs: 3_000 }, 'host');
    for (const router of ['r1', 'r2']) node.region.edgeClock(router, cluster.time.mono());
    await cluster.time.settle();
    expect(extended.outcome).toMatchObject({ reply: { total: 0 } });
    expect(eventTypes()).toEqual(['opened', 'extended']);
    await cluster.time.advance(5_000);
    expect(eventTypes()).toEqual(['opened', 'extended', 'closed']);
  });
});

describe('T4: the stash', () => {
  beforeEach(async () => {
    await given();
    await node.ask('x', { type: 'open', forMs: 5_000, behindReceived: false });
  });

  test('a late answer is held until the close, then judged again', async () => {
    const late = node.tell('x', { type: 'add', by: 1, recvAt: now() + 6_000 });
    await cluster.time.advance(4_000);
    expect(late.outcome).toBe('pending');
    await cluster.time.advance(2_000);
    expect(late.outcome).toMatchObject({ reply: { total: 1 } });
    expect(eventTypes()).toEqual(['opened', 'closed', 'added']);
  });

  test('it is judged again when the deadline moves', async () => {
    const late = node.tell('x', { type: 'add', by: 1, recvAt: now() + 6_000 });
    await cluster.time.settle();
    await node.ask('x', { type: 'outage', byMs: 2_000 }, 'host');
    expect(late.outcome).toMatchObject({ reply: { total: 1 } });
    expect(eventTypes()).toEqual(['opened', 'extended', 'added']);
  });

  test('what is stashed keeps its order, and goes back when the shard is lost', async () => {
    const late = [1, 2].map((by) => node.tell('x', { type: 'add', by, recvAt: now() + 6_000 }));
    await cluster.time.settle();
    cluster.logs.get(0)!.records.push(encodeRecord({ kind: 'claim', epoch: 2, nonce: 'o', owner: 'b/1' }));
    await cluster.time.advance(1_000);
    expect(late.map(({ outcome }) => outcome)).toEqual([
      { dropped: 'notOwner', hint: 'b' },
      { dropped: 'notOwner', hint: 'b' },
    ]);
  });
});
