import { describe, expect, it } from '@jest/globals';
import { data, world } from './world.js';

describe('T1: session time', () => {
  it('a frame that waited is converted for the owner that it is first handed to', () => {
    const { time, node, connects } = world();
    const a = node('a');
    const client = connects(0);
    time.advance(5);
    client.says('hello');
    const read = time.mono();
    time.advance(3_000);
    a.owns(0, 1, 100_000);
    expect(a.last('data').recvAt).toBeCloseTo(read + 100_000);
  });

  it('tells the next owner what the time is by the one before, and when that was last heard', () => {
    const { time, node, joins } = world(['a', 'b']);
    const [a, b] = [node('a'), node('b')];
    a.owns(0, 1, 40_000);
    joins(a);
    time.advance(1_000);
    const seen = time.mono();
    a.crash();
    time.advance(250);
    b.heard = [];
    b.owns(0, 2, 1_000_000);
    expect(b.last('attached').shards).toEqual([{ shard: 0, epoch: 2, ownerOffset: expect.closeTo(40_000 - b.skewMs) }]);
    const lost = time.mono() + 1_000_000;
    a.up = true;
    b.crash();
    time.advance(1_200);
    const { ownerOffset, ownerEpoch, ownerSeenAt } = a.last('open');
    expect(ownerEpoch).toBe(2);
    expect(ownerOffset).toBeCloseTo(1_000_000 - a.skewMs);
    expect(ownerSeenAt).toBeGreaterThan(seen + 1_000_000);
    expect(ownerSeenAt).toBeLessThanOrEqual(lost);
  });

  it('a replaced owner that wakes and believes to own does not hide when its successor was last heard', () => {
    const { time, node, joins } = world(['a', 'b']);
    const [a, b] = [node('a'), node('b')];
    a.owns(0, 1, 40_000);
    const client = joins(a);
    b.owns(0, 2, 1_000_000);
    time.advance(1_000);
    const lost = time.mono() + 1_000_000;
    b.crash();
    time.advance(600);
    a.owns(0, 1, 40_000);
    a.says({ r: 'notOwner', conn: client.conn, shard: 0, hint: '' });
    time.advance(2_000);
    const { ownerOffset, ownerSeenAt } = a.last('open');
    expect(ownerOffset).toBeCloseTo(1_000_000 - a.skewMs);
    expect(ownerSeenAt).toBeGreaterThan(lost - 1_000);
    expect(ownerSeenAt).toBeLessThanOrEqual(lost);
  });

  it('a frame for an owner whose clock is behind that of the one before gets its time by that one', () => {
    const { time, node, joins } = world(['a', 'b']);
    const [a, b] = [node('a'), node('b')];
    a.owns(0, 1, 40_000);
    const client = joins(a);
    time.advance(500);
    a.crash();
    client.says('x');
    time.settle();
    const read = time.mono();
    time.advance(250);
    b.owns(0, 2, 39_000);
    expect(b.last('data').recvAt).toBeCloseTo(read + 40_000);
  });

  it('an owner that dies before it has said by how much it went on does not take the time back for the next one', () => {
    const { time, node, joins } = world(['a', 'b']);
    const [a, b] = [node('a'), node('b')];
    a.owns(0, 1, 40_000);
    joins(a);
    time.advance(500);
    a.crash();
    time.advance(250);
    b.owns(0, 2, 39_000);
    time.advance(500);
    const lost = time.mono();
    a.up = true;
    b.crash();
    time.advance(1_200);
    const { ownerOffset, ownerSeenAt } = a.last('open');
    expect(ownerOffset).toBeCloseTo(40_000 - a.skewMs);
    // By the time in which it has journaled, or what it never gave back would count as played (simulation, seed 30447).
    expect(ownerSeenAt).toBeGreaterThan(lost - 200 + 39_000);
    expect(ownerSeenAt).toBeLessThanOrEqual(lost + 39_000);
  });

  it('says 0 when no owner was ever known', () => {
    const { node, connects } = world();
    connects(0);
    expect(node('a').last('open')).toMatchObject({ ownerOffset: 0, ownerEpoch: 0, ownerSeenAt: 0 });
    node('a').owns(0, 1);
    expect(node('a').last('attached').shards).toEqual([{ shard: 0, epoch: 1, ownerOffset: 0 }]);
  });

  it('never tells an owner its own clock, whose estimate would push it on; nor the one before it for long', () => {
    const { time, node, connects } = world(['a', 'b']);
    const [a, b] = [node('a'), node('b')];
    a.owns(0, 1);
    connects(0);
    expect(a.last('open')).toMatchObject({ ownerOffset: 0, ownerSeenAt: 0 });
    b.owns(0, 2, 7_000);
    expect(b.last('open').ownerOffset).toBeCloseTo(-b.skewMs);
    time.advance(10_000);
    connects(0);
    expect(b.last('open')).toMatchObject({ conn: 2, ownerOffset: 0, ownerSeenAt: 0 });
    b.breakLink();
    time.advance(400);
    b.owns(0, 2, 7_000);
    expect(b.last('attached').shards).toMatchObject([{ epoch: 2, ownerOffset: 0 }]);
  });

  it('uses a raised offset from then on', () => {
    const { node, joins, time } = world();
    const a = node('a');
    a.owns(0, 1, 1_000);
    const client = joins(a);
    a.owns(0, 1, 9_000);
    client.says('x');
    time.settle();
    expect(a.last('data').recvAt).toBeCloseTo(time.mono() + 9_000);
    expect(a.transcript()).toEqual(['data 1 k2 x']);
  });
});

describe('T3: a deadline waits behind the answers already received', () => {
  it('attached comes after all opens and kept frames, for shards without connections too', () => {
    const { time, node, connects } = world();
    const a = node('a');
    const [one, two] = [connects(0), connects(0)];
    one.says('x');
    two.says('y');
    one.says('z');
    time.settle();
    a.heard = [];
    a.says({ r: 'owner', shard: 3, epoch: 7, offset: 0 }, { r: 'owner', shard: 0, epoch: 5, offset: 0 });
    expect(a.transcript()).toEqual(['data 1 k1 x', 'data 1 k2 z', 'data 2 k1 y', 'attached 3@7 0@5']);
  });

  it('says so again on a new link, behind everything', () => {
    const { time, node, joins } = world();
    const a = node('a');
    a.owns(0, 1);
    const client = joins(a);
    client.says('x');
    a.breakLink();
    time.advance(200);
    a.heard = [];
    a.owns(0, 1);
    expect(a.transcript()).toEqual(['data 1 k2 x', 'attached 0@1']);
  });

  it('shows a clock every 100 ms, in the time of the node, behind the frames read before', () => {
    const { time, node, joins } = world();
    const a = node('a');
    a.owns(0, 1, 0);
    const client = joins(a);
    a.heard = [];
    time.advance(1_000);
    expect(a.all('clock').length).toBeGreaterThanOrEqual(9);
    client.says('x');
    time.advance(100);
    const order = a.heard.filter(({ r }) => r === 'clock' || r === 'data');
    const at = order.findIndex(({ r }) => r === 'data');
    const clocks = order.map((record) => (record.r === 'clock' ? record.now - a.skewMs : record.r === 'data' ? record.recvAt : NaN));
    expect(clocks).toEqual([...clocks].sort((x, y) => x - y));
    expect(at).toBe(order.length - 2);
  });

  it('stamps what is read first after a stall with its beginning, and shows no clock beyond that', () => {
    const { time, node, joins } = world();
    const a = node('a');
    a.owns(0, 1, 0);
    const client = joins(a);
    time.advance(505);
    const before = time.mono();
    a.heard = [];
    time.freeze(3_000);
    time.fireDue();
    client.says('x');
    time.poll();
    client.says('y');
    time.settle();
    const [x, y] = a.all('data').map(({ recvAt }) => recvAt);
    expect(x).toBeLessThanOrEqual(before);
    expect(x).toBeGreaterThan(before - 50);
    expect(y).toBe(x);
    for (const { now } of a.all('clock')) expect(now - a.skewMs).toBeLessThanOrEqual(x ?? 0);
    client.says('z');
    time.settle();
    expect(a.last('data').recvAt).toBeCloseTo(time.mono());
    a.says(data(1, 'ok', { done: 2 }));
    expect(client.took()).toContain('ok');
  });

  it('knows of a stall although a frame is the first that it sees', () => {
    const { time, node, joins } = world();
    const a = node('a');
    a.owns(0, 1, 0);
    const client = joins(a);
    time.advance(500);
    const before = time.mono();
    time.freeze(400);
    client.says('x');
    time.settle();
    expect(a.last('data').recvAt).toBeLessThanOrEqual(before);
  });
});
