/** A quiz node of the simulated cluster: the production's session layer and region over simulated ports. Owns nothing that outlives its process. */
import { createRegion, type LinkConnection, type LinkHandlers, type Region } from '@ringmaster/actors';
import { SessionEdge } from '../../../apps/quiz-node/src/session/session-edge.js';
import type { SessionCommand, SessionReply } from '../../../apps/quiz-node/src/session/session-command.js';
import type { Chance } from '../world/chance.js';
import { SimMembership } from '../world/sim-membership.js';
import { SimProcess } from '../world/sim-process.js';
import type { LinkHost } from '../world/sim-links.js';
import { watched } from './watched-behavior.js';
import { protocolLimits, SHARDS } from './sim-limits.js';
import type { World } from './world.js';

export class NodeProcess implements LinkHost {
  readonly process: SimProcess;
  readonly membership: SimMembership;
  readonly edge: SessionEdge;
  readonly region: Region<SessionCommand, SessionReply>;
  draining = false;

  constructor(
    private readonly world: World,
    readonly name: string,
    readonly boot: string,
    chance: Chance,
    nodes: readonly string[],
  ) {
    const { time, journal, store, config, observed } = world;
    const process = new SimProcess(time, name, chance.between(0, 100_000), chance.odds(0.5) ? 0 : chance.between(-3_000, 3_000));
    this.process = process;
    this.membership = new SimMembership(nodes, config.routers, world.addresses.of);
    const ports = { clock: process, timers: process, random: chance.fork('random') };
    this.edge = new SessionEdge({
      node: name,
      boot,
      shards: SHARDS,
      membership: this.membership,
      records: store.recordsFor(process, chance.fork('records')),
      ...ports,
      limits: protocolLimits,
      note: (event, about) => world.trace(name, event, about),
    });
    const { edge } = this;
    this.region = createRegion({
      nodeName: name,
      boot,
      shards: SHARDS,
      journal: journal.portFor(process, `${name}/${boot}`, chance.fork('journal')),
      snapshots: store.snapshotsFor(process, chance.fork('snapshots')),
      membership: this.membership,
      peers: {
        probe: (node, shard, epoch) => this.#ask(node, chance, (region) => region.probeAnswer(shard, epoch)),
        take: (node, shard) => this.#ask(node, chance, (region) => region.take(shard)),
        shards: (node) => this.#ask(node, chance, (region) => region.reports()),
      },
      ...ports,
      behavior: watched(edge, world),
      observer: {
        released: (sessionId, outputs, meta) => edge.released(sessionId, outputs, meta),
        owned: (shard, epoch, offset) => {
          world.moments.happened('owned', name);
          observed.owned({ at: time.now, node: name, shard, epoch, sessionOffset: process.monoOffset + offset });
          world.trace(name, 'owned', { shard, epoch });
          edge.owned(shard, epoch, offset);
        },
        lost: (shard, hint) => {
          observed.lost({ at: time.now, owner: `${name}/${boot}`, shard });
          world.trace(name, 'lost', { shard, hint });
          edge.lost(shard, hint);
        },
        moving: (shard) => {
          world.sometimes.note('hand-off');
          world.trace(name, 'moving', { shard });
          edge.moving(shard);
        },
        stalled: (shard, stalled) => {
          if (stalled) world.sometimes.note('journal stalled');
          edge.stalled(shard, stalled);
        },
        halted: (shard, code, message) => observed.complaint('I9', `${name} halted shard ${shard}: ${code}: ${message}`),
        faulted: (shard, entityId, error, quarantined) =>
          observed.complaint('I9', `${name} faulted shard ${shard} ${entityId} quarantined=${quarantined}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
      },
      limits: config.limits.node,
      mayTrim: () => config.trims,
    });
    edge.attach(overheard(this.region, process, world));
  }

  start(): void {
    this.region.start();
  }

  accept(connection: LinkConnection): LinkHandlers {
    return this.edge.accept(connection);
  }

  /** What it says it owns, with the epoch. */
  owns(shard: number): number {
    const ownership = this.region.ownership(shard);
    return ownership.kind === 'active' ? ownership.epoch : 0;
  }

  #ask<T>(node: string, chance: Chance, what: (region: NodeProcess['region']) => T | Promise<T>): Promise<T> {
    const { world, process } = this;
    return new Promise((resolve, reject) => {
      const target = world.nodes.get(node);
      if (world.weather.unreachable.has(node) || chance.odds(world.weather.probesLost)) return;
      if (target === undefined || !target.process.alive) return process.input(chance.skewed(1, 60), () => reject(new Error(`${node} refuses connections`)));
      target.process.input(chance.skewed(0.3, 6), () => {
        const answer = what(target.region);
        const send = (settle: () => void): void => process.input(chance.skewed(0.3, 6), settle);
        if (answer instanceof Promise) answer.then((value) => send(() => resolve(value)), (error: unknown) => send(() => reject(error instanceof Error ? error : new Error(String(error)))));
        else send(() => resolve(answer));
      });
    });
  }
}

/** The region as the session layer sees it, with an ear on it for what cannot be seen from outside. */
function overheard(region: Region<SessionCommand, SessionReply>, process: SimProcess, { observed, sometimes, time }: World): Region<SessionCommand, SessionReply> {
  const heard = Object.create(region) as Region<SessionCommand, SessionReply>;
  heard.edgeAttached = (router, shard, epoch) => {
    const ownership = region.ownership(shard);
    if (ownership.kind === 'active' && ownership.epoch !== epoch) sometimes.note('attached to another epoch');
    region.edgeAttached(router, shard, epoch);
  };
  heard.reportTime = (shard, offset) => {
    const before = region.ownership(shard);
    region.reportTime(shard, offset);
    const after = region.ownership(shard);
    if (before.kind !== 'active' || after.kind !== 'active' || after.offset <= before.offset) return;
    observed.raised({ at: time.now, shard, epoch: before.epoch, sessionOffset: process.monoOffset + before.offset, by: after.offset - before.offset });
  };
  return heard;
}
