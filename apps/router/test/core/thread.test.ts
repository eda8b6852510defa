import { describe, expect, it } from '@jest/globals';
import { bind, broadcast, data, world } from './world.js';

describe('a client, a router, a node', () => {
  it('goes from the socket to the owner and back', () => {
    const { time, node, connects } = world();
    const a = node('a');
    a.owns(0, 1);
    expect(a.transcript()).toEqual(['attached 0@1']);

    const client = connects(0);
    client.says('hello');
    time.settle();
    expect(a.transcript()).toEqual(['open 1 QUIZ0000', 'data 1 k1 hello']);

    a.says(bind(1, 1, { s: 4, p: 2 }));
    expect(client.took()).toEqual(['welcome', 'snapshot']);
    expect(client.writes).toBe(1);

    client.says('answer');
    time.settle();
    expect(a.transcript()).toEqual(['data 1 k2 answer']);

    a.says(data(1, 'ok', { done: 2 }), broadcast('closed', 5), data(1, 'result', { p: 3 }), broadcast('board', 6));
    expect(client.took()).toEqual(['ok', 'closed', 'result', 'board']);
    expect(client.writes).toBe(2);

    client.leaves(1001);
    time.settle();
    expect(a.transcript()).toEqual(['close 1 1001']);
  });

  it('stamps arrival in the session time of the owner (T1)', () => {
    const { time, node, connects } = world();
    const a = node('a');
    a.owns(0, 1, 900_000);
    const client = connects(0);
    time.advance(7);
    client.says('hello');
    time.advance(30);
    expect(a.last('data').recvAt).toBeCloseTo(900_000 + 1_007);
  });
});
