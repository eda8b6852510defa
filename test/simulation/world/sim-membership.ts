/** What each process believes of who is alive and where. Views differ: each learns of a change in its own time, may believe what is not so, or learns nothing. */
import type { JoinableMembership, Member, Membership, MembershipView } from '@ringmaster/actors';

export class SimMembership implements Membership, Pick<JoinableMembership, 'addressOf'> {
  /** It hears of no change. */
  deaf = false;
  #view: MembershipView;
  readonly #listeners = new Set<(view: MembershipView) => void>();

  /** `whereIs`: the truth, which is asked when something is heard. */
  constructor(nodes: readonly string[], routers: readonly string[], private readonly whereIs: (node: string) => string) {
    this.#view = this.#viewOf(1, nodes, routers);
  }

  view(): MembershipView {
    return this.#view;
  }

  believe(nodes: readonly string[], routers: readonly string[] = this.#view.routers): void {
    if (this.deaf) return;
    this.#view = this.#viewOf(this.#view.version + 1, nodes, routers);
    for (const listener of this.#listeners) listener(this.#view);
  }

  addressOf(node: string): string | undefined {
    return this.#view.nodes.find(({ name }) => name === node)?.address;
  }

  onChange(listener: (view: MembershipView) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #viewOf(version: number, names: readonly string[], routers: readonly string[]): MembershipView {
    return { version, nodes: [...names].sort().map((name): Member => ({ name, boot: '', address: this.whereIs(name) })), routers: [...routers].sort() };
  }
}
