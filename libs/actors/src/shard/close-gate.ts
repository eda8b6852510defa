/**
 * T3: when a deadline may follow the answers already received. `EdgeClocks` owns what this node's links to the routers have shown;
 * a `CloseGate` owns which of them have attached to one epoch of one shard. A router's clock counts only when it was shown on the
 * same link after its `attached`.
 */
import type { SessionClock } from './session-clock.js';

interface Edge {
  /** Everything that the router received before this time, in this node's monotonic ms, has been handed over. */
  mono: number;
  /** Clocks shown on this link. */
  shown: number;
}

export class EdgeClocks {
  private readonly edges = new Map<string, Edge>();

  /** Routers that have a link to this node. */
  get routers(): Iterable<string> {
    return this.edges.keys();
  }

  edge(router: string): Edge {
    let edge = this.edges.get(router);
    if (!edge) this.edges.set(router, (edge = { mono: -Infinity, shown: 0 }));
    return edge;
  }

  show(router: string, mono: number): void {
    const edge = this.edge(router);
    edge.mono = Math.max(edge.mono, mono);
    edge.shown++;
  }

  gone(router: string): void {
    this.edges.delete(router);
  }
}

export class CloseGate {
  private readonly attached = new Map<string, { readonly edge: Edge; readonly shownBefore: number }>();
  /** Session time from which on this epoch could be heard, ms. */
  private readonly since: number;

  constructor(
    private readonly epoch: number,
    private readonly clock: SessionClock,
    private readonly edges: EdgeClocks,
    private readonly routers: () => readonly string[],
    private readonly closeWaitMs: number,
  ) {
    this.since = clock.now();
  }

  /** @returns whether the router has attached to this epoch. */
  attach(router: string, epoch: number): boolean {
    if (epoch !== this.epoch) return false; // T3 attached of this epoch
    const edge = this.edges.edge(router);
    this.attached.set(router, { edge, shownBefore: edge.shown });
    return true;
  }

  /** Session time from which on a deadline at `at` waits for nobody any more, ms: no router is waited for longer, but each had the time to attach. */
  latest(at: number): number {
    return Math.max(at, this.since) + this.closeWaitMs;
  }

  /** Whether nothing that was received up to session time `at` can still be on its way. */
  open(at: number): boolean {
    if (this.clock.now() >= this.latest(at)) return true;
    return this.routers().every((router) => this.hasPassed(router, at)); // T3 every router of the membership
  }

  private hasPassed(router: string, at: number): boolean {
    const attached = this.attached.get(router);
    if (!attached || attached.edge !== this.edges.edge(router)) return false; // T3 the link on which it attached is gone
    return attached.edge.shown > attached.shownBefore && attached.edge.mono + this.clock.offset > at; // T3 a clock past it
  }
}
