import { describe, expect, test } from '@jest/globals';
import { noPeers, staticMembership } from '@ringmaster/actors/adapters/static/membership';
import { membershipContract } from '../contract/membership.contract.js';

membershipContract('static', async (content) => ({ membership: staticMembership(content), dispose: async () => undefined }));

describe('a fixed membership', () => {
  const member = (name: string) => ({ name, boot: 'b', address: '127.0.0.1:1' });

  test('refuses a name that appears twice', () => {
    expect(() => staticMembership({ nodes: [member('x'), member('a'), member('x')], routers: [] })).toThrow('names x twice');
    expect(() => staticMembership({ nodes: [member('a')], routers: ['r', 'r'] })).toThrow('names r twice');
  });

  test('lets only those join whom it names', async () => {
    const membership = staticMembership({ nodes: [member('a'), member('b')], routers: ['r'] });
    await membership.join({ kind: 'router', ...member('r') });
    await expect(membership.join({ kind: 'node', ...member('c') })).rejects.toThrow('names no node c: it has a, b');
    await expect(membership.join({ kind: 'router', ...member('a') })).rejects.toThrow('names no router a: it has r');
  });

  test('does not look at the lists any more once it is made', () => {
    const nodes = [member('a')];
    const membership = staticMembership({ nodes, routers: [] });
    nodes.push(member('b'));
    expect(membership.view().nodes).toEqual([member('a')]);
  });
});

test('a node alone has nobody to ask', async () => {
  await expect(noPeers.probe('other', 1, 1)).rejects.toThrow('other');
});
