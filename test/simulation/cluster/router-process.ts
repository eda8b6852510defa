/** A router of the simulated cluster: the production's router core over simulated clocks, links and sockets. */
import { placeShards, shardOf } from '@ringmaster/actors';
import { Router } from '../../../apps/router/src/core/router.js';
import type { ClientHandlers, ClientSocket } from '../../../apps/router/src/core/client-socket.js';
import type { Chance } from '../world/chance.js';
import { SimMembership } from '../world/sim-membership.js';
import { SimProcess } from '../world/sim-process.js';
import { SHARDS } from './sim-limits.js';
import type { World } from './world.js';

/** Placement is pure and slow, and the same few rings come back again and again. */
const placed = new Map<string, readonly string[]>();
function placedOnce(nodes: readonly string[], shards: number): readonly string[] {
  const key = `${nodes.join(' ')} ${shards}`;
  const known = placed.get(key) ?? placeShards(nodes, shards);
  placed.set(key, known);
  return known;
}

export class RouterProcess {
  readonly process: SimProcess;
  readonly membership: SimMembership;
  readonly router: Router;
  /** It goes in good order. */
  leaving = false;
  /** It has gone, and is no member any more. */
  left = false;

  constructor(world: World, readonly name: string, chance: Chance, nodes: readonly string[], routers: readonly string[]) {
    const { time, links, config } = world;
    this.process = new SimProcess(time, name, chance.between(0, 100_000), chance.odds(0.5) ? 0 : chance.between(-3_000, 3_000));
    this.membership = new SimMembership(nodes, routers, world.addresses.of);
    this.router = new Router({
      name,
      shards: SHARDS,
      limits: config.limits.router,
      clock: this.process,
      timers: this.process,
      random: chance.fork('random'),
      dialer: links.dialerOf(this.process),
      membership: this.membership,
      placement: { shardOf, placeShards: placedOnce },
      note: (event, about) => {
        world.trace(name, event, about);
        if (event === 'link up') this.#linkedTo(world, String(about['node']), about['address']);
      },
    });
  }

  #linkedTo({ sometimes }: World, node: string, address: unknown): void {
    const believed = this.membership.addressOf(node);
    if (believed === undefined) sometimes.note('linked to a node that only others told of');
    else if (believed !== address) sometimes.note('linked at an address that only others told');
  }

  start(): void {
    this.router.start();
  }

  /** Null: refused. */
  accept(sessionId: string, socket: ClientSocket): ClientHandlers | null {
    return this.router.admit('127.0.0.1') === null ? this.router.accept(sessionId, socket, '127.0.0.1') : null;
  }
}
