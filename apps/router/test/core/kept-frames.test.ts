import { describe, expect, it } from '@jest/globals';
import { KeptFrames } from '../../src/core/kept-frames.js';
import { data, world } from './world.js';

describe('K1: frames are kept until done', () => {
  it('sends them again to the next owner, in order, with their first arrival time', () => {
    const { time, node, joins } = world(['a', 'b']);
    const [a, b] = [node('a'), node('b')];
    a.owns(0, 1, 500_000);
    const client = joins(a);
    time.advance(10);
    client.says('x');
    time.advance(10);
    client.says('y');
    time.advance(10);
    const first = a.all('data').map(({ recvAt }) => recvAt);
    a.says(data(1, 'ok x', { done: 2 }));
    client.says('z');
    b.heard = [];

    a.crash();
    b.skewMs = -3_000;
    expect(b.transcript()).toEqual(['open 1 QUIZ0000 s0 p0 bind:who1']);
    b.owns(0, 2, 777_000);
    expect(b.all('data').map(({ recvAt }) => recvAt)[0]).toBe(first[1]);
    expect(b.transcript()).toEqual(['data 1 k3 y', 'data 1 k4 z', 'attached 0@2']);
    expect(client.took()).toEqual(['ok x']);
  });

  it('keeps a copy, so that the buffer they were read into is free', () => {
    const kept = new KeptFrames({ keptFramesMax: 1, keptBytesMax: 10 });
    const buffer = Buffer.from('frame');
    const frame = kept.keep(buffer, 0, 0);
    buffer.fill('x');
    expect(new TextDecoder().decode(frame?.bytes)).toBe('frame');
    expect(frame?.bytes.buffer.byteLength).toBe(5);
  });

  it('drops a lone hello whose client is gone: it would supersede the next connection of the same player', () => {
    const { time, node, connects } = world();
    const client = connects();
    client.says('hello');
    client.leaves(1006);
    node('a').owns(0, 1);
    time.advance(1_000);
    expect(node('a').all('data')).toEqual([]);
  });

  it('keeps what was read while no owner can be reached', () => {
    const { time, node, joins } = world();
    const a = node('a');
    a.owns(0, 1);
    const client = joins(a);
    a.crash();
    client.says('x');
    time.advance(300);
    client.says('y');
    a.up = true;
    a.heard = [];
    time.advance(2_000);
    expect(a.transcript()).toEqual(['open 1 QUIZ0000 s0 p0 bind:who1']);
    a.owns(0, 2);
    expect(a.transcript()).toEqual(['data 1 k2 x', 'data 1 k3 y', 'attached 0@2']);
  });

  it('survives links that break again and again while frames are kept', () => {
    const { time, node, joins } = world();
    const a = node('a');
    a.owns(0, 1);
    const client = joins(a);
    client.says('x');
    time.settle();
    const { recvAt } = a.last('data');
    for (let epoch = 2; epoch < 12; epoch++) {
      a.breakLink();
      time.advance(2_000);
      a.owns(0, epoch, epoch * 1_000_000);
      expect(a.last('data')).toMatchObject({ k: 2, recvAt });
      expect(a.last('attached').shards).toMatchObject([{ shard: 0, epoch }]);
    }
    a.says(data(1, 'ok', { done: 2 }));
    expect(client.took().filter((text) => text === 'ok')).toEqual(['ok']);
  });

  it.each([
    ['frames', { keptFramesMax: 3 }, 'x'],
    ['bytes', { keptBytesMax: 30 }, 'ten bytes.'],
  ])('closes with 4005 above its limit of %s', (_, limits, text) => {
    const { node, joins, time } = world(['a'], { limits });
    const a = node('a');
    a.owns(0, 1);
    const client = joins(a);
    for (let i = 0; i < 3; i++) client.says(text);
    expect(client.took()).toEqual([]);
    client.says(text);
    expect(client.took()).toEqual(['closed 4005']);
    time.settle();
    expect(a.transcript()).toHaveLength(3);
  });

  it('does not discard the frames of a client that is gone: the next owner gets them, then the close', () => {
    const { node, joins, router } = world(['a', 'b']);
    const [a, b] = [node('a'), node('b')];
    a.owns(0, 1);
    const client = joins(a);
    client.says('x');
    client.says('y');
    client.leaves(1006);
    expect(router.gauges).toMatchObject({ sockets: 0, gone: 1 });
    a.crash();
    b.heard = [];
    b.owns(0, 2);
    expect(b.transcript()).toEqual(['open 1 QUIZ0000 s0 p0 bind:who1', 'data 1 k2 x', 'data 1 k3 y', 'attached 0@2'].slice(1));
    b.says(data(1, 'ok', { done: 2 }));
    expect(b.transcript()).toEqual([]);
    b.says(data(1, 'ok', { done: 3 }));
    expect(b.transcript()).toEqual(['close 1 1006']);
    expect(router.gauges).toMatchObject({ sockets: 0, gone: 0, sessions: 0 });
    expect(client.took()).toEqual([]);
  });

  it('does not discard them after 4005 either', () => {
    const { node, joins, time } = world(['a'], { limits: { keptFramesMax: 2 } });
    const a = node('a');
    a.owns(0, 1);
    const client = joins(a);
    client.says('x');
    client.says('y');
    client.says('z');
    time.settle();
    expect(a.transcript()).toEqual(['data 1 k2 x', 'data 1 k3 y']);
    a.says(data(1, 'ok', { done: 2 }), data(1, 'ok', { done: 3 }));
    expect(a.transcript()).toEqual(['close 1 4005']);
    expect(client.took()).toEqual(['closed 4005']);
  });

  it('does not discard them when the owner closes the client: their replies follow, or the next owner gets them', () => {
    const { node, joins, time } = world(['a', 'b']);
    const [a, b] = [node('a'), node('b')];
    a.owns(0, 1);
    const client = joins(a);
    client.says('x');
    client.says('y');
    client.says('z');
    time.settle();
    a.heard = [];
    a.says({ r: 'close', conn: 1, code: 4510, done: 2 });
    expect(client.took()).toEqual(['closed 4510']);
    a.says(data(1, 'ok', { done: 3 }));
    expect(a.transcript()).toEqual([]);
    a.crash();
    b.owns(0, 2);
    expect(b.transcript()).toContain('data 1 k4 z');
    b.says(data(1, 'ok', { done: 4 }));
    expect(b.transcript()).toEqual(['close 1 4510']);
    expect(client.took()).toEqual([]);
  });

  it('keeps the frames of clients that are gone within a limit, and counts what it had to discard', () => {
    const { node, joins, router } = world(['a'], { limits: { goneConnectionsMax: 2 } });
    const a = node('a');
    a.owns(0, 1);
    for (let i = 0; i < 3; i++) {
      const client = joins(a);
      client.says('x');
      client.leaves();
    }
    expect(router.gauges.gone).toBe(2);
    expect(router.counters.framesDiscarded).toBe(1);
  });
});

describe('K2: one reply for a frame', () => {
  it('drops a reply to what is done, and to what was never sent', () => {
    const { node, joins, router } = world();
    const a = node('a');
    a.owns(0, 1);
    const client = joins(a);
    client.says('x');
    a.says(data(1, 'ok', { done: 2 }), data(1, 'ok again', { done: 2 }), data(1, 'to the future', { done: 3 }));
    expect(client.took()).toEqual(['ok']);
    expect(router.counters.repliesDropped).toBe(2);
  });

  it('drops the second reply when a frame was executed by two owners', () => {
    const { node, joins } = world(['a', 'b']);
    const [a, b] = [node('a'), node('b')];
    a.owns(0, 1);
    const client = joins(a);
    client.says('x');
    client.says('y');
    a.says(data(1, 'ok x', { done: 2 }));
    b.owns(0, 2);
    b.says(data(1, 'ok x dup', { done: 2 }), data(1, 'ok y', { done: 3 }));
    expect(client.took()).toEqual(['ok x', 'ok y']);
  });

  it('counts a reply that skips one: no node without a fault sends it', () => {
    const { node, joins, router } = world();
    const a = node('a');
    a.owns(0, 1);
    const client = joins(a);
    client.says('x');
    client.says('y');
    a.says(data(1, 'ok y', { done: 3 }));
    expect(client.took()).toEqual(['ok y']);
    expect(router.counters.repliesSkipped).toBe(1);
  });
});
