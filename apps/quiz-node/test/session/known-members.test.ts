import { expect, test } from '@jest/globals';
import type { Member, Membership, MembershipView } from '@ringmaster/actors';
import { LinkWriter, type MembersRecord } from '@ringmaster/protocol';
import { KnownMembers } from '../../src/session/known-members.js';

const member = (name: string, address = '10.0.0.1:8081'): Member => ({ name, boot: 'b', address });

function watched(...nodes: Member[]): { members: KnownMembers; told: MembersRecord[]; hears(...nodes: Member[]): void; listeners: Set<unknown> } {
  const listeners = new Set<(view: MembershipView) => void>();
  const view = (of: readonly Member[]): MembershipView => ({ version: 1, nodes: of, routers: [] });
  const membership: Membership = {
    view: () => view(nodes),
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const told: MembersRecord[] = [];
  return { members: new KnownMembers(membership, (record) => told.push(record)), told, hears: (...of) => listeners.forEach((listener) => listener(view(of))), listeners };
}

const names = ({ nodes }: MembersRecord): string[] => nodes.map(({ name }) => name);

test('the view as it is, and every other set of nodes; nothing for a change of routers', () => {
  const { members, told, hears } = watched(member('a'));
  expect(members.record).toEqual({ r: 'members', nodes: [{ name: 'a', address: '10.0.0.1:8081' }] });
  hears(member('a'));
  expect(told).toEqual([]);
  hears(member('a'), member('b'));
  hears(member('a'), member('b', '10.0.0.2:8081'));
  expect(told.map(names)).toEqual([['a', 'b'], ['a', 'b']]);
  expect(members.record).toBe(told[1]);
});

test('what no router would take is left out, so that no link breaks over it', () => {
  const { members, hears } = watched(member('a'), member('port 0', '0.0.0.0:0'), member('x'.repeat(129)), member('c', 'nowhere'));
  expect(names(members.record)).toEqual(['a']);
  hears(...Array.from({ length: 1_001 }, (_, i) => member(`node-${i}`)));
  expect(members.record.nodes).toHaveLength(1_000);
  expect(() => new LinkWriter('node').append(members.record)).not.toThrow();
});

test('closed, it listens no more', () => {
  const { members, listeners } = watched();
  expect(listeners.size).toBe(1);
  members.close();
  expect(listeners.size).toBe(0);
});
