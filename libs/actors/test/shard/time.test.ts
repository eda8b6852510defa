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

describe('T2: outages', () => {
  test('a stalled journal: players are told, no deadline fires, and the stall is given back before anything else', async () => {
    await given();
    await node.ask('x', { type: 'open', forMs: 5_000, behindReceived: false });
    await cluster.time.advance(1_000);
    node.journal.next('held');
    const flying = node.tell('y', { type: 'add', by: 1 });
    const start = now();
    await cluster.time.advance(1_999);
    expect(node.said).not.toContain('stalled 0 true');
    await cluster.time.advance(8_001);
    expect(node.said.at(-1)).toBe('stalled 0 true');
    expect(eventTypes()).toEqual(['opened']);
    const queued = node.tell('x', { type: 'add', by: 1, recvAt: start + 4_500 });
    await cluster.time.settle();
    node.journal.held[0]!.answer();
    await cluster.time.settle();
    expect(flying.outcome).toMatchObject({ reply: { total: 1 } });
    expect(queued.outcome).toMatchObject({ reply: { total: 1 } });
    expect(eventTypes()).toEqual(['opened', 'added', 'extended', 'added']);
    const extended = cluster.log().find(({ events }) => (events as { type: string }[] | undefined)?.[0]?.type === 'extended');
    expect(extended).toMatchObject({ events: [{ type: 'extended', byMs: 10_000 }] });
    await cluster.time.advance(3_999);
    expect(eventTypes()).not.toContain('closed');
    await cluster.time.advance(1);
    expect(eventTypes()).toContain('closed');
  });

  test('in a stall a turn does not carry off a deadline that was due before it, only those that it sets itself', async () => {
    await given();
    await node.ask('x', { type: 'open', forMs: 5_000, behindReceived: false });
    node.journal.next('held');
    node.tell('y', { type: 'add', by: 1 });
    await cluster.time.advance(8_000);
    node.tell('x', { type: 'add', by: 1, recvAt: 0 });
    const chained = node.tell('z', { type: 'chain', times: 2 });
    await cluster.time.settle();
    node.journal.held[0]!.answer();
    await cluster.time.settle();
    expect(chained.outcome).toMatchObject({ reply: { total: 0 } });
    expect(eventTypes()).toEqual(['opened', 'added', 'added', 'chained', 'chained', 'chained', 'extended']);
  });

  test('takeover: the first turn gives the time back, after the first router has attached, before any close', async () => {
    await given({ routers: ['r1'] });
    await node.ask('x', { type: 'open', forMs: 5_000, behindReceived: true });
    const openedAt = now();
    cluster.kill('a');
    await cluster.time.advance(7_000);
    node = await cluster.start('a');
    const asked = node.tell('x', { type: 'add', by: 1, recvAt: openedAt + 4_000 });
    await cluster.time.advance(1_000);
    expect(asked.outcome).toBe('pending');
    node.region.reportLastOwner(0, 1, openedAt + 3_000);
    node.region.edgeAttached('r1', 0, 2);
    await cluster.time.settle();
    expect(asked.outcome).toMatchObject({ reply: { total: 1 } });
    expect(eventTypes()).toEqual(['opened', 'extended', 'added']);
    const record = cluster.log().find(({ n }) => n === 4);
    expect(record).toMatchObject({ events: [{ type: 'extended', byMs: 5_000 }] });
  });

  test('takeover: what was heard of an owner that had not written the last event does not count', async () => {
    await given({ routers: ['r1'] });
    await node.ask('x', { type: 'open', forMs: 5_000, behindReceived: true });
    await restart(); // epoch 2 falls silent before its first turn
    await cluster.time.advance(1_500);
    await restart();
    const to = now();
    node.region.reportLastOwner(0, 2, to);
    node.region.reportLastOwner(0, 1, to - 1_000);
    node.region.edgeAttached('r1', 0, 3);
    await cluster.time.settle();
    expect(cluster.log().at(-1)).toMatchObject({ epoch: 3, events: [{ type: 'extended', byMs: 1_000 }] });
  });

  test('a hang of the process is an outage: what was received meanwhile is judged after it has been accounted for', async () => {
    await given({ routers: ['r1'] });
    await node.ask('x', { type: 'open', forMs: 5_000, behindReceived: true });
    const openedAt = now();
    node.region.edgeAttached('r1', 0, 1);
    await cluster.time.advance(2_000);
    cluster.time.freeze(6_000);
    await cluster.time.advance(0);
    const inTime = await node.ask('x', { type: 'add', by: 1, recvAt: openedAt + 4_000 });
    expect(inTime).toMatchObject({ reply: { total: 1 } });
    expect(eventTypes()).toEqual(['opened', 'extended', 'added']);
    expect(cluster.log().find(({ n }) => n === 3)).toMatchObject({ events: [{ type: 'extended', byMs: 6_000 }] });
    await cluster.time.advance(3_000 + 2_000);
    expect(eventTypes()).toEqual(['opened', 'extended', 'added', 'closed']);
  });

  test('a short pause of the process is none', async () => {
    await given();
    await node.ask('x', { type: 'open', forMs: 5_000, behindReceived: false });
    cluster.time.freeze(900);
    await cluster.time.advance(5_000);
    expect(eventTypes()).toEqual(['opened', 'closed']);
  });

  test('a clock that is moved on after the takeover takes no time from anybody', async () => {
    await given({ routers: ['r1'] });
    await node.ask('x', { type: 'open', forMs: 5_000, behindReceived: true });
    const openedAt = now();
    await restart();
    node.region.edgeAttached('r1', 0, 2);
    await cluster.time.settle();
    node.region.reportTime(0, now() - cluster.time.mono() + 700);
    await cluster.time.settle();
    expect(now()).toBeGreaterThanOrEqual(openedAt + 700);
    expect(cluster.log().at(-1)).toMatchObject({ events: [{ type: 'extended', byMs: 700 }] });
    const length = cluster.log().length;
    node.region.reportTime(0, now() - cluster.time.mono() + 5);
    await cluster.time.settle();
    expect(cluster.log().slice(length).filter(({ kind }) => kind === 'turn')).toEqual([]);
  });

  test('a clock that is moved on while an entity is not in memory takes no time from it either (simulation, seed 52408)', async () => {
    await given({ limits: { idleMs: 1_000 } });
    await node.ask('x', { type: 'open', forMs: 10_000, behindReceived: false });
    await cluster.time.advance(4_000);
    expect(node.region.stats().hot).toBe(0);
    node.region.reportTime(0, now() - cluster.time.mono() + 700);
    await cluster.time.advance(5_999);
    expect(eventTypes()).toEqual(['opened', 'extended']);
    expect(cluster.log().findLast(({ kind }) => kind === 'turn')).toMatchObject({ events: [{ type: 'extended', byMs: 700 }] });
    await cluster.time.advance(1);
    expect(eventTypes()).toEqual(['opened', 'extended', 'closed']);
  });

  test('takeover without a router: closeWaitMs later', async () => {
    await given();
    await node.ask('x', { type: 'open', forMs: 1_000, behindReceived: true });
    await restart();
    await cluster.time.advance(1_999);
    expect(eventTypes()).toEqual(['opened']);
    await cluster.time.advance(1);
    expect(eventTypes()).toEqual(['opened', 'extended']);
  });

  test('an entity that asks for nothing does not wait', async () => {
    await given();
    await node.ask('x', { type: 'add', by: 1 });
    await restart();
    expect(await node.ask('x', { type: 'add', by: 1 })).toMatchObject({ reply: { total: 2 } });
  });

  test('it is accounted for once', async () => {
    await given({ limits: { idleMs: 4_000 } });
    await node.ask('x', { type: 'open', forMs: 60_000, behindReceived: false });
    await restart();
    await cluster.time.advance(30_000);
    expect(node.region.stats().hot).toBe(0);
    await node.ask('x', { type: 'get' });
    await cluster.time.advance(60_000);
    expect(eventTypes()).toEqual(['opened', 'extended', 'closed']);
  });
});
