/**
 * The network between routers and nodes. Owns one path per router and node, and the links on it. Frames of one direction keep their order. A cut path holds
 * what is sent, as TCP does, until it heals or the link breaks; what is on its way when a link breaks is lost, and each end learns of it in its own time.
 */
import type { LinkConnection, LinkDialer, LinkHandlers } from '@ringmaster/actors';
import type { Chance } from './chance.js';
import type { SimProcess } from './sim-process.js';

export interface LinkHost {
  readonly process: SimProcess;
  /** A router has connected. */
  accept(connection: LinkConnection): LinkHandlers;
}

export type Side = 'router' | 'node';

/** What came to a router over one link, as bytes: evidence for the checker. */
export interface HeardLink {
  readonly router: string;
  readonly node: string;
  /** The router's monotonic time − world time, ms. */
  readonly monoOffset: number;
  readonly frames: { readonly at: number; readonly bytes: Uint8Array }[];
}

interface Path {
  /** World times until which nothing comes through, by direction. */
  cutUntil: { router: number; node: number };
  readonly links: Set<Link>;
}

export class SimLinks {
  /** Of all links, in the order in which they were dialled. */
  readonly heard: HeardLink[] = [];
  readonly #paths = new Map<string, Path>();

  constructor(
    private readonly chance: Chance,
    /** Who listens at an address, or did last. */
    private readonly hostAt: (address: string) => LinkHost | undefined,
  ) {}

  dialerOf(router: SimProcess): LinkDialer {
    return {
      dial: (address, handlers) => {
        const host = this.hostAt(address);
        const node = host?.process.name ?? address;
        const path = this.path(router.name, node);
        const heard: HeardLink = { router: router.name, node, monoOffset: router.monoOffset, frames: [] };
        this.heard.push(heard);
        const link = new Link(router, path, this.chance, heard);
        path.links.add(link);
        link.dial(host, handlers);
        return link.ends.router;
      },
    };
  }

  path(router: string, node: string): Path {
    const key = `${router}|${node}`;
    let path = this.#paths.get(key);
    if (path === undefined) this.#paths.set(key, (path = { cutUntil: { router: 0, node: 0 }, links: new Set() }));
    return path;
  }

  /** Only the ends in `heard` learn of it: the other one has a half-open link. */
  break(router: string, node: string, heard: readonly Side[] = ['router', 'node']): void {
    for (const link of [...this.path(router, node).links]) link.break(heard);
  }

  /**
   * Nothing comes through in these directions. Connections that are up stay stuck for up to `lagMs` longer than the path, as TCP does while it waits to send
   * again; one that is dialled meanwhile may overtake them.
   */
  cut(router: string, node: string, sides: readonly Side[], ms: number, lagMs: number, now: number): void {
    const { cutUntil, links } = this.path(router, node);
    for (const side of sides) {
      cutUntil[side] = Math.max(cutUntil[side], now + ms);
      for (const link of links) link.stuckUntil[side] = Math.max(link.stuckUntil[side], cutUntil[side] + this.chance.fraction() * lagMs);
    }
  }

  heal(): void {
    for (const { cutUntil, links } of this.#paths.values()) {
      cutUntil.router = cutUntil.node = 0;
      for (const { stuckUntil } of links) stuckUntil.router = stuckUntil.node = 0;
    }
  }
}

const other = { router: 'node', node: 'router' } as const;

class Link {
  readonly ends: Readonly<Record<Side, LinkConnection>>;
  readonly stuckUntil = { router: 0, node: 0 };
  readonly #process: { router: SimProcess; node?: SimProcess };
  readonly #handlers: { router?: LinkHandlers; node?: LinkHandlers } = {};
  readonly #lastArrival = { router: 0, node: 0 };
  readonly #underWay: Readonly<Record<Side, (() => void)[]>> = { router: [], node: [] };
  /** That side has closed, or was told that the link is gone. */
  readonly #over = { router: false, node: false };
  #broken = false;

  constructor(
    router: SimProcess,
    private readonly path: Path,
    private readonly chance: Chance,
    private readonly heard: HeardLink,
  ) {
    this.#process = { router };
    this.ends = { router: this.#end('router'), node: this.#end('node') };
  }

  dial(host: LinkHost | undefined, handlers: LinkHandlers): void {
    const { router } = this.#process;
    this.#handlers.router = handlers;
    if (host === undefined || !host.process.alive) return router.input(this.chance.skewed(1, 30), () => this.#tell('router', 'refused'));
    this.#process.node = host.process;
    host.process.onKilled(() => this.#died('node'));
    router.onKilled(() => this.#died('router'));
    this.#carry('router', () => {
      this.#handlers.node = host.accept(this.ends.node);
      this.#handlers.node.onOpen();
      this.#carry('node', () => this.#handlers.router?.onOpen());
    });
  }

  /** What is on its way is lost. */
  break(heard: readonly Side[]): void {
    if (this.#broken) return;
    this.#broken = true;
    this.path.links.delete(this);
    for (const side of heard) this.#process[side]?.input(this.chance.skewed(1, 80), () => this.#tell(side, 'connection reset'));
  }

  #died(side: Side): void {
    if (this.#broken) return;
    this.#broken = true;
    this.path.links.delete(this);
    this.#process[other[side]]?.input(this.chance.skewed(1, 200), () => this.#tell(other[side], 'connection reset'));
  }

  #end(side: Side): LinkConnection {
    return {
      send: (frame) => {
        if (this.#over[side]) return;
        const copy = frame.slice();
        this.#carry(side, () => {
          if (side === 'node') this.heard.frames.push({ at: this.#process.router.time.now, bytes: copy });
          this.#handlers[other[side]]?.onFrame(copy);
        });
      },
      bufferedBytes: () => 0,
      close: () => {
        if (this.#over[side]) return;
        this.#over[side] = true;
        this.#carry(side, () => this.#tell(other[side], 'closed by the other end'));
        this.#process[side]?.input(0, () => this.#handlers[side]?.onClose('closed'));
      },
    };
  }

  /** Brings something from `from` to the other side, behind all that went before. */
  #carry(from: Side, act: () => void): void {
    const to = other[from];
    const target = this.#process[to];
    if (target === undefined || this.#broken) return;
    const { now } = target.time;
    const arrival = Math.max(now + this.chance.skewed(0.1, 6), this.path.cutUntil[from], this.stuckUntil[from], this.#lastArrival[to]);
    this.#lastArrival[to] = arrival;
    this.#underWay[to].push(act);
    target.input(arrival - now, () => this.#arrive(from, target));
  }

  #arrive(from: Side, target: SimProcess): void {
    const to = other[from];
    const held = Math.max(this.path.cutUntil[from], this.stuckUntil[from]) - target.time.now;
    if (this.#broken) return;
    if (held > 0) return target.input(held, () => this.#arrive(from, target));
    const act = this.#underWay[to].shift();
    if (!this.#over[to]) act?.();
  }

  #tell(side: Side, reason: string): void {
    if (this.#over[side]) return;
    this.#over[side] = true;
    this.#handlers[side]?.onClose(reason);
  }
}
