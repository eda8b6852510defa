/**
 * Owns what this node tells routers of who is there: its own view of the membership, as a link record, and again when the nodes in it are others. Does not own
 * the links. It promises nothing (a view may be old, or empty), and a router that hears the membership itself needs it not: hence no gate (L6).
 */
import type { Membership, MembershipView } from '@ringmaster/actors';
import { isTellable, MEMBERS_MAX, type MemberAddress, type MembersRecord } from '@ringmaster/protocol';

export class KnownMembers {
  readonly #unsubscribe: () => void;
  #record: MembersRecord;

  /** `changed` is called with what is to be told to every router. */
  constructor(membership: Membership, changed: (record: MembersRecord) => void) {
    this.#record = recordOf(membership.view());
    this.#unsubscribe = membership.onChange((view) => {
      const record = recordOf(view);
      if (isSame(record.nodes, this.#record.nodes)) return;
      this.#record = record;
      changed(record);
    });
  }

  /** For a router that has just come. */
  get record(): MembersRecord {
    return this.#record;
  }

  close(): void {
    this.#unsubscribe();
  }
}

/** What no router would take is left out: one bad row must not cost every link. */
function recordOf({ nodes }: MembershipView): MembersRecord {
  return { r: 'members', nodes: nodes.map(({ name, address }) => ({ name, address })).filter(isTellable).slice(0, MEMBERS_MAX) };
}

function isSame(these: readonly MemberAddress[], those: readonly MemberAddress[]): boolean {
  return these.length === those.length && these.every(({ name, address }, index) => name === those[index]?.name && address === those[index].address);
}
