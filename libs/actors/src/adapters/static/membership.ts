/** A cluster that is what its configuration says, and nothing else. */
import type { JoinableMembership, Joining, Member, MembershipView, Peers } from '../../ports/membership.js';

export interface StaticMembershipOptions {
  readonly nodes: readonly Member[];
  readonly routers: readonly string[];
}

/** Whoever joins has to be named; who leaves stays named. @throws Error when a name appears twice. */
export function staticMembership({ nodes, routers }: StaticMembershipOptions): JoinableMembership {
  const view: MembershipView = {
    version: 1,
    nodes: [...nodes].sort((a, b) => compare(a.name, b.name)),
    routers: [...routers].sort(compare),
  };
  const twice = [view.nodes.map(({ name }) => name), view.routers].flatMap((names) => names.filter((name, i) => name === names[i - 1]));
  if (twice.length > 0) throw new Error(`the membership names ${twice.join(', ')} twice`);
  const join = async ({ kind, name }: Joining): Promise<void> => {
    const names = kind === 'node' ? view.nodes.map((node) => node.name) : view.routers;
    if (!names.includes(name)) throw new Error(`the membership names no ${kind} ${name}: it has ${names.join(', ')}`);
  };
  const addressOf = (node: string): string | undefined => view.nodes.find(({ name }) => name === node)?.address;
  return { view: () => view, onChange: () => () => undefined, addressOf, join, leave: async () => undefined, close: async () => undefined };
}

const nobody = (node: string): Error => new Error(`there is no other node, and none of the name ${node}`);

/** Nobody else is there to ask. */
export const noPeers: Peers = {
  probe: (node) => Promise.reject(nobody(node)),
  take: (node) => Promise.reject(nobody(node)),
  shards: (node) => Promise.reject(nobody(node)),
};

/** By code units: the same on every machine, whatever its language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
