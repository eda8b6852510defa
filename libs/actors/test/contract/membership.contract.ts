/** What every membership keeps to. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { JoinableMembership, Member } from '@ringmaster/actors';

export interface MembershipFixture {
  /** Of a process that has not joined. */
  readonly membership: JoinableMembership;
  dispose(): Promise<void>;
}

/** The first node is the one that joins; all others are members already. */
export interface MembershipContent {
  readonly nodes: readonly Member[];
  readonly routers: readonly string[];
}

export function membershipContract(name: string, makeFixture: (content: MembershipContent) => Promise<MembershipFixture>): void {
  describe(`membership: ${name}`, () => {
    const nodes: Member[] = ['b', 'a', 'B', 'a-10', 'a-9', 'ä'].map((node, i) => ({ name: node, boot: `boot-${String(i)}`, address: `127.0.0.1:${String(4_000 + i)}` }));
    const routers = ['r2', 'r10', 'r1'];
    let fixture: MembershipFixture;

    beforeEach(async () => {
      fixture = await makeFixture({ nodes, routers });
      await fixture.membership.join({ kind: 'node', ...nodes[0]! });
    });
    afterEach(() => fixture.dispose());

    test('everybody is there, sorted by name in a way that every machine agrees on', () => {
      const view = fixture.membership.view();
      expect(view.nodes.map((node) => node.name)).toEqual(['B', 'a', 'a-10', 'a-9', 'b', 'ä']);
      expect(view.routers).toEqual(['r1', 'r10', 'r2']);
      for (const node of nodes) expect(view.nodes).toContainEqual(node);
    });

    test('what does not change keeps its version', () => {
      expect(fixture.membership.view().version).toBe(fixture.membership.view().version);
    });

    test('who has left may leave again, and still sees the others', async () => {
      await fixture.membership.leave();
      await fixture.membership.leave();
      for (const node of nodes.slice(1)) expect(fixture.membership.view().nodes).toContainEqual(node);
      expect(fixture.membership.view().routers).toEqual(['r1', 'r10', 'r2']);
    });

    test('a membership that was closed gives its last view, and may be closed again', async () => {
      const view = fixture.membership.view();
      await fixture.membership.close();
      await fixture.membership.close();
      expect(fixture.membership.view()).toEqual(view);
    });

    test('a subscription can be ended, more than once', () => {
      const end = fixture.membership.onChange(() => undefined);
      end();
      end();
      expect(fixture.membership.view().nodes).toHaveLength(nodes.length);
    });
  });
}
