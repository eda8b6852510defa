/** What every membership keeps to. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Member, Membership } from '@ringmaster/actors';

export interface MembershipFixture {
  readonly membership: Membership;
  dispose(): Promise<void>;
}

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

    test('a subscription can be ended, more than once', () => {
      const end = fixture.membership.onChange(() => undefined);
      end();
      end();
      expect(fixture.membership.view().nodes).toHaveLength(nodes.length);
    });
  });
}
