/**
 * Owns what this router knows of which nodes there are and where they listen: its own view of the membership, and what nodes tell it over their links
 * (`members`). Does not own the links, nor who owns a shard. All of it is a hint, and a wrong one costs a dial: the node that answers says its name.
 * A router that cannot hear the membership learns in this way of a node that joins meanwhile, or comes back at another address.
 * What a node has told counts while its link is up. The last of all stands until somebody tells again: a router that has lost every link is not to forget whom
 * to dial.
 */
import type { MemberAddress } from '@ringmaster/protocol';
import type { JoinableMembership, Membership } from '@ringmaster/actors';

export type OwnMembership = Membership & Pick<JoinableMembership, 'addressOf'>;

/** A link, as far as it matters here. */
export interface Teller {
  /** Its link is up. */
  readonly ready: boolean;
  /** As it told last. */
  readonly members: readonly MemberAddress[];
}

export class KnownNodes {
  readonly #own: OwnMembership;
  /** Addresses by name. */
  readonly #told = new Map<Teller, ReadonlyMap<string, string>>();

  constructor(own: OwnMembership) {
    this.#own = own;
  }

  /** Whether anybody counts it among the nodes. */
  has(name: string): boolean {
    return this.#own.view().nodes.some((node) => node.name === name) || [...this.#told.values()].some((told) => told.has(name));
  }

  /** Where a node may listen, each place once: as the own membership says, then as others do. */
  addressesOf(name: string): readonly string[] {
    const all = [this.#own.addressOf(name), ...[...this.#told.values()].map((told) => told.get(name))];
    return [...new Set(all.filter((address) => address !== undefined))];
  }

  /** `members` came, or is known of a link that has just come up. A node that has heard of nobody yet says nothing. */
  told(by: Teller): void {
    if (by.members.length === 0) return;
    for (const other of [...this.#told.keys()]) if (!other.ready) this.#told.delete(other);
    this.#told.set(by, new Map(by.members.map(({ name, address }) => [name, address])));
  }

  /** The link broke. */
  lost(by: Teller): void {
    if (this.#told.size > 1) this.#told.delete(by);
  }
}
