import { beforeEach, describe, expect, it } from '@jest/globals';
import type { MemberAddress, NodeRecord } from '@ringmaster/protocol';
import { KnownNodes, type Teller } from '../../src/core/known-nodes.js';
import { addressOf } from './scripted-node.js';
import { data, ListedMembers, world } from './world.js';

const at = (name: string, address = addressOf(name)): MemberAddress => ({ name, address });
const members = (...nodes: MemberAddress[]): NodeRecord => ({ r: 'members', nodes });

describe('what is known of nodes', () => {
  let own: ListedMembers;
  let known: KnownNodes;
  const link = (...told: MemberAddress[]): { ready: boolean; members: readonly MemberAddress[] } & Teller => ({ ready: true, members: told });

  beforeEach(() => {
    own = new ListedMembers(['a']);
    known = new KnownNodes(own);
  });

  it('is the own view, and what links that are up have told last', () => {
    const [first, second] = [link(at('b')), link(at('a'), at('c'))];
    known.told(first);
    known.told(second);
    expect(['a', 'b', 'c', 'd'].filter((name) => known.has(name))).toEqual(['a', 'b', 'c']);
    first.members = [at('d')];
    known.told(first);
    expect(['a', 'b', 'c', 'd'].filter((name) => known.has(name))).toEqual(['a', 'c', 'd']);
    known.lost(second);
    expect(['a', 'b', 'c', 'd'].filter((name) => known.has(name))).toEqual(['a', 'd']);
    own.set([]);
    expect(known.has('a')).toBe(false);
  });

  it('has the addresses of a node in that order, each once', () => {
    for (const told of [link(at('a'), at('b', 'x:1')), link(at('a', 'y:1'), at('b', 'x:2')), link(at('a', 'y:1'))]) known.told(told);
    expect(known.addressesOf('a')).toEqual([addressOf('a'), 'y:1']);
    expect(known.addressesOf('b')).toEqual(['x:1', 'x:2']);
    expect(known.addressesOf('c')).toEqual([]);
  });

  it('stands when every link is lost, until somebody tells again', () => {
    const [first, second] = [link(at('b')), link(at('b'), at('c'))];
    for (const each of [first, second]) known.told(each);
    for (const each of [first, second]) {
      each.ready = false;
      known.lost(each);
    }
    expect(known.addressesOf('c')).toEqual([addressOf('c')]);
    known.told(link());
    expect(known.has('c')).toBe(true);
    known.told(link(at('b')));
    expect([known.has('b'), known.has('c')]).toEqual([true, false]);
  });
});

describe('a router that its membership tells nothing', () => {
  it('links to a node of which another tells, and serves what that owns', () => {
    const { node, joins, router } = world(['a']);
    const [a, b] = [node('a'), node('b')];
    a.owns(0, 1);
    const client = joins(a);
    expect(b.dials).toBe(0);
    a.says(members(at('a'), at('b')));
    expect(router.nodes()).toEqual(['a', 'b']);
    client.says('x');
    a.says({ r: 'notOwner', conn: 1, shard: 0, hint: 'b' });
    b.owns(0, 2);
    b.says(data(1, 'ok', { done: 2 }));
    expect(client.took()).toEqual(['ok']);
    expect([router.nodeOfShard(0), router.addressOf('b')]).toEqual(['b', addressOf('b')]);
  });

  it('listens before the link is up: what comes right behind the welcome counts', () => {
    const { node, router, time } = world(['a'], { before: (nodes) => nodes.forEach((each) => (each.beating = each.name !== 'a')) });
    const a = node('a');
    a.says({ r: 'linkWelcome', node: 'a', boot: 'boot-1', shards: 4 }, members(at('b')));
    expect(node('b').dials).toBe(0);
    a.beating = true;
    time.advance(200);
    expect(router.nodes()).toEqual(['a', 'b']);
  });

  it('tries one address after the other, and stays with the one that worked', () => {
    const { node, router, time, cluster } = world(['a', 'b']);
    const [a, b] = [node('a'), node('b')];
    // It starts again elsewhere, and somebody else listens where it was.
    cluster.listening.set('elsewhere:1', b);
    cluster.listening.set(addressOf('b'), node('c'));
    b.breakLink();
    a.says(members(at('b', 'elsewhere:1')));
    cluster.dialled.length = 0;
    time.advance(2_000);
    expect(cluster.dialled).toEqual([addressOf('b'), 'elsewhere:1']);
    expect([router.nodes(), router.addressOf('b')]).toEqual([['a', 'b'], 'elsewhere:1']);
    b.breakLink();
    time.advance(2_000);
    expect(cluster.dialled).toEqual([addressOf('b'), 'elsewhere:1', 'elsewhere:1']);
    expect(router.nodes()).toEqual(['a', 'b']);
  });

  it('does not hurry a node that does not answer, however often it is named', () => {
    const { node, time } = world(['a']);
    const [a, b] = [node('a'), node('b')];
    b.up = false;
    a.says(members(at('b')));
    time.advance(10_000);
    const { dials } = b;
    for (let i = 0; i < 50; i++) a.says(members(at('b')));
    expect(b.dials).toBe(dials);
    b.up = true;
    time.advance(1_000);
    expect(b.linked).toBe(true);
  });

  it('gives up a node that nobody names any more when its link breaks, and not before', () => {
    const { node, router, time } = world(['a']);
    const [a, b] = [node('a'), node('b')];
    a.says(members(at('a'), at('b')));
    b.says(members(at('a')));
    a.says(members(at('a')));
    expect(router.nodes()).toEqual(['a', 'b']);
    b.crash();
    time.advance(10_000);
    expect([b.dials, router.nodes(), router.addressOf('b')]).toEqual([1, ['a'], undefined]);
    b.up = true;
    a.says(members(at('b')));
    expect(router.nodes()).toEqual(['a', 'b']);
  });

  it('comes back to all of them when every link breaks at once', () => {
    const { node, router, time, members: own } = world(['a']);
    const [a, b] = [node('a'), node('b')];
    a.says(members(at('a'), at('b')));
    own.set([]);
    for (const each of [a, b]) each.breakLink();
    time.advance(1_000);
    expect(router.nodes()).toEqual(['a', 'b']);
  });
});
