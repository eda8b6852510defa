/**
 * Owns the links of this router: one to each node that it knows of (known-nodes.ts), for as long as that is known or the link holds. Owns the ring over those
 * that are up. Does not own what the records mean (router.ts), nor when a link is dialled again (node-link.ts).
 */
import type { LinkSession } from './link-session.js';
import { KnownNodes, type OwnMembership } from './known-nodes.js';
import { NodeLink, type NodeLinkDeps, type NodeLinkEvents } from './node-link.js';

export interface NodeLinksDeps extends Omit<NodeLinkDeps, 'known'> {
  readonly membership: OwnMembership;
  /** Who of `nodes` should own each shard. */
  readonly placeShards: (nodes: readonly string[], shards: number) => readonly string[];
}

export class NodeLinks {
  readonly #deps: NodeLinksDeps;
  readonly #events: Omit<NodeLinkEvents, 'told'>;
  readonly #known: KnownNodes;
  readonly #links = new Map<string, NodeLink>();
  /** Names of the nodes whose link is up, sorted, and the owner by the ring over them for each shard; null: to be made again. */
  #up: readonly string[] | null = null;
  #ring: readonly string[] | null = null;
  #unsubscribe: () => void = () => undefined;

  constructor(deps: NodeLinksDeps, events: Omit<NodeLinkEvents, 'told'>) {
    this.#deps = deps;
    this.#events = events;
    this.#known = new KnownNodes(deps.membership);
  }

  start(): void {
    this.#unsubscribe = this.#deps.membership.onChange(() => this.#dialMembers());
    this.#dialMembers();
  }

  stop(): void {
    this.#unsubscribe();
    for (const link of [...this.#links.values()]) link.stop();
  }

  /** The link to a node, if connections can be opened on it. */
  ready(node: string): LinkSession | null {
    return this.#links.get(node)?.ready ?? null;
  }

  /** Names of the nodes whose link is up, sorted. */
  names(): readonly string[] {
    return (this.#up ??= [...this.#links.values()].filter(({ ready }) => ready !== null).map(({ node }) => node).sort());
  }

  byRing(shard: number, shards: number): LinkSession | null {
    this.#ring ??= this.#deps.placeShards(this.names(), shards);
    return this.ready(this.#ring[shard] ?? '');
  }

  /** Where the node's link is up, or is dialled next; undefined for a node that nobody knows. */
  addressOf(node: string): string | undefined {
    return this.#links.get(node)?.address ?? this.#known.addressesOf(node)[0];
  }

  /** Whether more than so many bytes wait on one of them. */
  isAnyBehind(bytes: number): boolean {
    for (const { ready } of this.#links.values()) if ((ready?.bufferedBytes() ?? 0) > bytes) return true;
    return false;
  }

  #dialMembers(): void {
    for (const { name } of this.#deps.membership.view().nodes) this.#linkTo(name).dial();
  }

  #told(session: LinkSession): void {
    this.#known.told(session);
    for (const { name } of session.members) this.#linkTo(name).want();
  }

  #linkTo(name: string): NodeLink {
    const known = this.#links.get(name);
    if (known !== undefined) return known;
    const events = this.#events;
    const link = new NodeLink(name, { ...this.#deps, known: this.#known }, {
      ...events,
      ready: (session) => {
        this.#up = this.#ring = null;
        events.ready(session);
        this.#told(session);
      },
      told: (session) => this.#told(session),
      lost: (session, reason) => {
        this.#up = this.#ring = null;
        this.#known.lost(session);
        this.#forgetIdle(link);
        events.lost(session, reason);
      },
      failed: (session, reason, tries) => {
        this.#forgetIdle(link);
        events.failed(session, reason, tries);
      },
    });
    this.#links.set(name, link);
    return link;
  }

  /** Nobody names it any more, and it is gone. */
  #forgetIdle(link: NodeLink): void {
    if (link.idle) this.#links.delete(link.node);
  }
}
