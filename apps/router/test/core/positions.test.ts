import { describe, expect, it } from '@jest/globals';
import { bind, broadcast, data, world } from './world.js';

describe('K4: positions', () => {
  it('reports to the next owner what was written last, and takes what lies above', () => {
    const { node, joins } = world(['a', 'b']);
    const [a, b] = [node('a'), node('b')];
    a.owns(0, 1);
    const client = joins(a, 0, { s: 10, p: 3 });
    a.says(broadcast('s11', 11), data(1, 'p4', { p: 4 }), broadcast('s12', 12));
    b.heard = [];
    b.owns(0, 2);
    expect(b.transcript()).toEqual(['open 1 QUIZ0000 s12 p4 bind:who1', 'attached 0@2']);
    b.says(data(1, 's13', { s: 13 }), data(1, 'p5', { p: 5 }), broadcast('s14', 14));
    expect(client.took()).toEqual(['s11', 'p4', 's12', 's13', 'p5', 's14']);
  });

  it('drops what was written before', () => {
    const { node, joins } = world();
    const a = node('a');
    a.owns(0, 1);
    const client = joins(a, 0, { s: 5, p: 5 });
    a.says(broadcast('old', 5), data(1, 'old', { s: 3 }), data(1, 'old', { p: 5 }), broadcast('new', 6));
    expect(client.took()).toEqual(['new']);
  });

  it('opens again when something before a message is missing, and waits for it', () => {
    const { node, joins, router, time } = world();
    const a = node('a');
    a.owns(0, 1);
    const client = joins(a, 0, { s: 5 });
    a.says(data(1, 's6', { s: 6 }));
    client.says('x');
    time.settle();
    a.heard = [];
    a.says(broadcast('s8', 8));
    expect(client.took()).toEqual(['s6']);
    expect(a.transcript()).toEqual(['open 1 QUIZ0000 s6 p0 bind:who1', 'data 1 k2 x']);
    a.says(broadcast('s9', 9), broadcast('s10', 10));
    expect(a.transcript()).toEqual([]);
    a.says(data(1, 's7', { s: 7 }), data(1, 's8', { s: 8 }), data(1, 's9', { s: 9 }), data(1, 's10', { s: 10 }), broadcast('s11', 11));
    expect(client.took()).toEqual(['s7', 's8', 's9', 's10', 's11']);
    expect(router.counters.gaps).toBe(1);
  });

  it('opens again once more when the gap is not filled in time', () => {
    const { time, node, joins } = world();
    const a = node('a');
    a.owns(0, 1);
    joins(a, 0, { s: 5 });
    a.says(broadcast('s8', 8));
    a.heard = [];
    time.advance(1_900);
    a.says(broadcast('s9', 9));
    expect(a.all('open')).toHaveLength(0);
    time.advance(200);
    a.says(broadcast('s10', 10));
    expect(a.all('open')).toMatchObject([{ s: 5 }]);
  });

  it('takes a private gap like a shared one', () => {
    const { node, joins } = world();
    const a = node('a');
    a.owns(0, 1);
    const client = joins(a, 0, { p: 2 });
    a.says({ r: 'each', items: [{ conn: 1, p: 3, bytes: new TextEncoder().encode('p3') }] });
    a.says({ r: 'each', items: [{ conn: 1, p: 5, bytes: new TextEncoder().encode('p5') }] });
    expect(a.transcript()).toEqual(['open 1 QUIZ0000 s0 p3 bind:who1']);
    expect(client.took()).toEqual(['p3']);
  });

  it('a snapshot sets the position, either way', () => {
    const { node, joins } = world();
    const a = node('a');
    a.owns(0, 1);
    const client = joins(a, 0, { s: 5 });
    a.says(data(1, 'snapshot', { s: 20, p: 7, reset: true }), broadcast('old', 20), broadcast('s21', 21));
    a.says(data(1, 'restored', { s: 2, p: 0, reset: true }), broadcast('s3', 3));
    expect(client.took()).toEqual(['snapshot', 's21', 'restored', 's3']);
  });
});

describe('K3, K4: a connection that comes back to a node over a link that was stuck', () => {
  it('is not set back by a snapshot from its first time there (simulation, seed 50841)', () => {
    const { node, joins } = world(['a', 'b']);
    const [a, b] = [node('a'), node('b')];
    a.owns(0, 1);
    const client = joins(a, 0, { s: 3 });
    b.owns(0, 2);
    b.says(broadcast('s4', 4), broadcast('s5', 5));
    b.crash();
    expect(a.last('open').s).toBe(5);
    a.says(data(1, 'said before it was replaced', { s: 3, p: 0, reset: true }));
    a.owns(0, 3);
    a.says(broadcast('s6', 6));
    expect(client.took()).toEqual(['s4', 's5', 's6']);
  });
});

describe('K5: identity', () => {
  it('gives the bind back, and nobody says hello twice', () => {
    const { node, connects } = world(['a', 'b']);
    const [a, b] = [node('a'), node('b')];
    a.owns(0, 1);
    const client = connects(0);
    client.says('hello');
    a.says(bind(1, 1, { s: 3, p: 1, bind: new TextEncoder().encode('secret') }));
    b.heard = [];
    b.owns(0, 2);
    expect(b.transcript()).toEqual(['open 1 QUIZ0000 s3 p1 bind:secret', 'attached 0@2']);
  });

  it('a hello without welcome goes to the next owner again, under the same connection id', () => {
    const { time, node, connects } = world(['a', 'b']);
    const [a, b] = [node('a'), node('b')];
    a.owns(0, 1);
    const client = connects(0);
    client.says('hello');
    time.settle();
    const { connId } = a.last('open');
    a.crash();
    b.owns(0, 2);
    expect(b.last('open')).toMatchObject({ connId, conn: 1 });
    expect(b.last('open').bind).toBeUndefined();
    b.says(bind(1, 1));
    expect(client.took()).toEqual(['welcome', 'snapshot']);
  });

  it('a welcome that comes twice is written once', () => {
    const { node, joins } = world();
    const a = node('a');
    a.owns(0, 1);
    const client = joins(a);
    a.says(bind(1, 1));
    expect(client.took()).toEqual([]);
  });

  it('gets nothing shared before welcome', () => {
    const { node, connects } = world();
    const a = node('a');
    a.owns(0, 1);
    const client = connects(0);
    a.says(broadcast('s1', 1), broadcast('hint'));
    a.says(data(1, 'err 215', { done: 1 }));
    expect(client.took()).toEqual([]);
    client.says('hello');
    a.says(data(1, 'err 215', { done: 1 }));
    expect(client.took()).toEqual(['err 215']);
  });
});
