/** What each process believes of who is alive. Views differ: each learns of a change in its own time, and may believe what is not so. */
import type { Member, Membership, MembershipView } from '@ringmaster/actors';

export class SimMembership implements Membership {
  #view: MembershipView;
  readonly #listeners = new Set<(view: MembershipView) => void>();

  constructor(nodes: readonly string[], routers: readonly string[]) {
    this.#view = viewOf(1, nodes, routers);
  }

  view(): MembershipView {
    return this.#view;
  }

  believe(nodes: readonly string[], routers: readonly string[] = this.#view.routers): void {
    this.#view = viewOf(this.#view.version + 1, nodes, routers);
    for (const listener of this.#listeners) listener(this.#view);
  }

  onChange(listener: (view: MembershipView) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

const viewOf = (version: number, names: readonly string[], routers: readonly string[]): MembershipView => ({
  version,
  nodes: [...names].sort().map((name): Member => ({ name, boot: '', address: `${name}:0` })),
  routers: [...routers].sort(),
});
