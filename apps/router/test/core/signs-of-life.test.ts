import { describe, expect, it } from '@jest/globals';
import { broadcast, world } from './world.js';

const life = (got: readonly string[]): string[] => got.filter((text) => text === 'ping' || text.startsWith('closed'));

describe('heartbeat', () => {
  it('pings at 0, 1 and 2 s after welcome, then every 15 s ± 20 %', () => {
    const { time, node, joins } = world();
    node('a').owns(0, 1);
    const client = joins(node('a'));
    const at: number[] = [];
    const start = time.mono();
    for (let i = 0; i < 400; i++) {
      time.advance(100);
      if (life(client.took()).length === 0) continue;
      at.push(time.mono() - start);
      client.handlers?.onPong();
    }
    const [zero = NaN, one = NaN, two = NaN, ...rest] = at;
    expect(zero).toBeLessThanOrEqual(200);
    expect(Math.abs(one - 1_000)).toBeLessThanOrEqual(200);
    expect(Math.abs(two - 2_000)).toBeLessThanOrEqual(200);
    expect(rest.length).toBeGreaterThanOrEqual(2);
    const gaps = rest.map((t, i) => t - (i === 0 ? two : (rest[i - 1] ?? NaN)));
    for (const gap of gaps) {
      expect(gap).toBeGreaterThanOrEqual(12_000);
      expect(gap).toBeLessThanOrEqual(18_300);
    }
  });

  it('closes with 4003 after 35 s without a sign of life', () => {
    const { time, node, joins } = world();
    node('a').owns(0, 1);
    const client = joins(node('a'));
    time.advance(10_000);
    client.handlers?.onPong();
    time.advance(34_500);
    expect(life(client.took())).not.toContain('closed 4003');
    time.advance(1_000);
    expect(life(client.took())).toContain('closed 4003');
    expect(node('a').transcript().at(-1)).toBe('close 1 4003');
  });

  it('does not punish clients for a stall of the router', () => {
    const { time, node, joins } = world();
    node('a').owns(0, 1);
    const client = joins(node('a'));
    time.advance(5_000);
    time.freeze(600_000);
    time.fireDue();
    time.settle();
    time.advance(1_000);
    expect(life(client.took())).not.toContain('closed 4003');
  });

  it('tells the owner the shortest round trip, and again whenever it gets shorter', () => {
    const { time, node, joins } = world();
    const a = node('a');
    a.owns(0, 1);
    const client = joins(a);
    for (const rtt of [40, 25, 30, 35, 10, 20]) {
      while (!client.took().includes('ping')) time.advance(10);
      time.advance(rtt);
      client.handlers?.onPong();
      time.settle();
    }
    expect(a.transcript().filter((text) => text.startsWith('rtt'))).toEqual(['rtt 1 40 of 1', 'rtt 1 25 of 2', 'rtt 1 25 of 3', 'rtt 1 10 of 5']);
    a.breakLink();
    time.advance(500);
    expect(a.last('open')).toMatchObject({ rttMinMs: 10, rttSamples: 6 });
  });

  it('a pong that nobody asked for counts as life, not as a round trip', () => {
    const { time, node, joins } = world();
    const a = node('a');
    a.owns(0, 1);
    const client = joins(a);
    client.handlers?.onPong();
    time.settle();
    expect(a.transcript()).toEqual([]);
  });

  it('sends hb when nothing was sent for 15 s', () => {
    const { time, node, joins } = world();
    const a = node('a');
    a.owns(0, 1, 5_000);
    const client = joins(a);
    const beats = (): string[] => client.took().filter((text) => text.includes('"hb"'));
    time.advance(10_000);
    client.says('x');
    a.says(broadcast('s1', 1));
    time.advance(14_000);
    expect(beats()).toEqual([]);
    time.advance(1_300);
    const [beat = ''] = beats();
    const parsed = JSON.parse(beat) as { t: string; d: { at: number } };
    expect(parsed.t).toBe('hb');
    expect(Math.abs(parsed.d.at - (time.mono() + 5_000))).toBeLessThan(500);
  });
});

describe('stall hints', () => {
  const hints = (got: readonly string[]): string[] => got.filter((text) => text.includes('stalled')).map((text) => text.replace(/"at":\d+,/, ''));
  const STALLED = '{"t":"session.stalled","d":{"reason":"owner"}}';
  const UNSTALLED = '{"t":"session.unstalled","d":{}}';

  it('come when the owner is away for more than 1 s, and end when one is there', () => {
    const { time, node, joins } = world();
    const a = node('a');
    a.owns(0, 1);
    a.owns(1, 1);
    const [client, other] = [joins(a, 0), joins(a, 1)];
    a.breakLink();
    time.advance(850);
    expect(hints(client.took())).toEqual([]);
    a.owns(1, 1);
    time.advance(300);
    expect(hints(client.took())).toEqual([STALLED]);
    a.owns(0, 2);
    expect(hints(client.took())).toEqual([UNSTALLED]);
    time.advance(5_000);
    expect(hints(client.took())).toEqual([]);
    expect(hints(other.took())).toEqual([]);
  });

  it('say moving when a planned move takes that long', () => {
    const { time, node, joins } = world(['a', 'b']);
    const a = node('a');
    a.owns(0, 1);
    const client = joins(a);
    a.says({ r: 'moving', shard: 0 }, { r: 'notOwner', conn: 1, shard: 0, hint: 'b' });
    time.advance(1_100);
    expect(hints(client.took())).toEqual([STALLED.replace('owner', 'moving')]);
    node('b').owns(0, 2);
    expect(hints(client.took())).toEqual([UNSTALLED]);
  });

  it('a short break shows nothing, and the socket stays open', () => {
    const { time, node, joins } = world(['a', 'b']);
    const [a, b] = [node('a'), node('b')];
    a.owns(0, 1);
    const client = joins(a);
    a.crash();
    time.advance(500);
    b.owns(0, 2);
    time.advance(3_000);
    expect(client.took().filter((text) => text !== 'ping')).toEqual([]);
  });
});

describe('drain', () => {
  it('tells bound clients where the window is, closes all of them spread over time, and admits nobody', () => {
    const { time, node, joins, connects, router } = world(['a'], { limits: { drainSpreadMs: 1_000, drainPerSocketMs: 100 } });
    const a = node('a');
    a.owns(0, 1);
    const clients = Array.from({ length: 10 }, () => joins(a));
    const unbound = connects(0);
    let done = false;
    router.drain(() => (done = true));
    expect(router.admit('127.0.0.1')).not.toBeNull();
    expect(router.ready).toBe(false);
    expect(clients[0]?.took()).toEqual(['{"t":"reconnect","d":{"reason":"drain","minMs":500,"maxMs":15000}}']);
    expect(unbound.took()).toEqual([]);
    time.advance(500);
    const closed = clients.filter(({ got }) => got.includes('closed 4001')).length;
    expect(closed).toBeGreaterThan(2);
    expect(closed).toBeLessThan(8);
    time.advance(800);
    expect(clients.every(({ got }) => got.includes('closed 4001'))).toBe(true);
    expect(unbound.took()).toEqual(['closed 4001']);
    expect(done).toBe(true);
  });

  it('is not done before the frames of the last client are', () => {
    const { time, node, joins, router } = world(['a'], { limits: { drainSpreadMs: 1_000, drainPerSocketMs: 100 } });
    const a = node('a');
    a.owns(0, 1);
    joins(a).says('x');
    let done = false;
    router.drain(() => (done = true));
    time.advance(5_000);
    expect(done).toBe(false);
    a.says({ r: 'data', conn: 1, done: 2, reset: false, bytes: new Uint8Array() });
    time.advance(200);
    expect(done).toBe(true);
  });
});
