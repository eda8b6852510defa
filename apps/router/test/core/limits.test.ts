import { describe, expect, it } from '@jest/globals';
import { dataFlag } from '@ringmaster/protocol';
import { broadcast, data, world } from './world.js';

describe('rate', () => {
  it('marks frames over the rate, which are kept and answered like any other', () => {
    const { time, node, joins } = world();
    const a = node('a');
    a.owns(0, 1);
    const client = joins(a, 0, { perSecond: 2, burst: 3 });
    for (let i = 0; i < 4; i++) client.says('x');
    time.settle();
    expect(a.all('data').map(({ flags }) => flags)).toEqual([0, 0, 0, dataFlag.overRate]);
    time.advance(500);
    client.says('x');
    time.settle();
    expect(a.last('data').flags).toBe(0);
  });

  it('closes with 4005 after more than 20 of them within 5 s', () => {
    const { node, joins } = world();
    const a = node('a');
    a.owns(0, 1);
    const client = joins(a, 0, { perSecond: 1, burst: 1 });
    let k = 1;
    const say = (): void => {
      client.says('x');
      if (!client.got.includes('closed 4005')) a.says(data(1, '110', { done: ++k }));
    };
    for (let i = 0; i < 21; i++) say();
    expect(client.took()).not.toContain('closed 4005');
    say();
    expect(client.took()).toEqual(['closed 4005']);
  });

  it('forgets them after 5 s', () => {
    const { time, node, joins } = world(['a'], { limits: { overRateFramesMax: 2 } });
    const a = node('a');
    a.owns(0, 1);
    const client = joins(a, 0, { perSecond: 0, burst: 1 });
    for (let i = 0; i < 10; i++) {
      client.says('x');
      time.advance(2_501);
    }
    expect(client.took()).not.toContain('closed 4005');
  });

  it('marks binary frames', () => {
    const { time, node, joins } = world();
    node('a').owns(0, 1);
    const client = joins(node('a'));
    client.says('x', true);
    time.settle();
    expect(node('a').last('data').flags).toBe(dataFlag.binaryFrame);
  });
});

describe('hello', () => {
  it('must come within 3 s', () => {
    const { time, node, connects } = world();
    node('a').owns(0, 1);
    const client = connects(0);
    time.advance(2_900);
    expect(client.took()).toEqual([]);
    time.advance(300);
    expect(client.took()).toEqual(['closed 4501']);
    expect(node('a').transcript().at(-1)).toBe('close 1 4501');
  });

  it('may be said again within 60 s after a refusal', () => {
    const { time, node, connects } = world();
    node('a').owns(0, 1);
    const client = connects(0);
    client.says('hello');
    node('a').says(data(1, 'err 215', { done: 1 }));
    time.advance(59_000);
    expect(client.took()).toEqual(['err 215']);
    time.advance(1_500);
    expect(client.took()).toEqual(['closed 4501']);
  });

  it('that waits for an owner is no fault of the client', () => {
    const { time, node, connects } = world();
    const client = connects(0);
    client.says('hello');
    time.advance(90_000);
    expect(client.took()).toEqual([]);
    node('a').owns(0, 1);
    node('a').says(data(1, 'err 210', { done: 1 }), { r: 'close', conn: 1, code: 4508 });
    expect(client.took()).toEqual(['err 210', 'closed 4508']);
  });
});

describe('slow consumers', () => {
  it('hints are dropped but for the latest, which comes when the socket has drained', () => {
    const { time, node, joins, router } = world();
    const a = node('a');
    a.owns(0, 1);
    const client = joins(a);
    client.buffered = 70_000;
    a.says(broadcast('hint 1'), broadcast('s1', 1));
    a.says(broadcast('hint 2'));
    expect(client.took()).toEqual(['s1']);
    client.buffered = 0;
    time.advance(700);
    expect(client.took().filter((text) => text !== 'ping')).toEqual(['hint 2']);
    expect(router.counters.hintsDropped).toBe(1);
  });

  it.each([
    ['at 256 KiB', 256 * 1024, 0],
    ['after 10 s above 64 KiB', 65_536, 10_600],
  ])('closes with 4002 %s', (_, buffered, ms) => {
    const { time, node, joins } = world();
    const a = node('a');
    a.owns(0, 1);
    const client = joins(a);
    client.buffered = buffered;
    a.says(broadcast('s1', 1));
    time.advance(Math.max(0, ms - 2_000));
    const early = client.took();
    time.advance(2_000);
    expect([...early, ...client.took()]).toContain('closed 4002');
    if (ms > 0) expect(early).not.toContain('closed 4002');
  });

  it('one that drains in time stays', () => {
    const { time, node, joins } = world();
    const a = node('a');
    a.owns(0, 1);
    const client = joins(a);
    for (let i = 1; i < 5; i++) {
      client.buffered = 100_000;
      a.says(broadcast(`s${i}`, i));
      time.advance(6_000);
      client.buffered = 0;
      time.advance(1_000);
    }
    expect(client.took()).not.toContain('closed 4002');
  });
});

describe('overload', () => {
  it('refuses new clients while a link is full', () => {
    const { node, router } = world(['a'], { limits: { linkShedBytes: 1_000 } });
    expect(router.admit('127.0.0.1')).toBeNull();
    node('a').buffered = 1_001;
    expect(router.admit('127.0.0.1')).toMatchObject({ reason: 'overload' });
    expect(router.counters.refusedOverload).toBe(1);
  });

  it('refuses new clients while too many have not said who they are', () => {
    const { node, router, connects, joins } = world(['a'], { limits: { unauthenticatedSocketsMax: 2 } });
    node('a').owns(0, 1);
    joins(node('a'));
    connects(0);
    expect(router.admit('127.0.0.1')).toBeNull();
    const second = connects(0);
    expect(router.admit('127.0.0.1')).toMatchObject({ reason: 'overload' });
    second.leaves();
    expect(router.admit('127.0.0.1')).toBeNull();
  });

  it('gives up a link that is not read', () => {
    const { time, node, router } = world(['a'], { limits: { linkBufferedBytesMax: 1_000 } });
    node('a').buffered = 1_001;
    time.advance(150);
    expect(router.counters.linksLost).toBe(1);
  });
});
