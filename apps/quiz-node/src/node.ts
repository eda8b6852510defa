/** Puts one node together from its ports: session layer and region know each other, nothing else does. Composition only, no I/O. */
import { createRegion, placeShards, type Clock, type Membership, type Random, type Timers } from '@ringmaster/actors';
import type { NodeConfig } from './config.js';
import type { ClusterView } from './http/admin.js';
import type { NodePorts } from './ports.js';
import type { QuizRegion } from './quiz-node.module.js';
import type { ShardTimes } from './session/shard-tally.js';
import { SessionEdge } from './session/session-edge.js';

export interface NodeDeps {
  readonly boot: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly note: (event: string, about: Readonly<Record<string, unknown>>) => void;
  /** An answer was acknowledged, so long after it came over the link, ms. */
  readonly answered?: (ms: number) => void;
  readonly shardTimes?: ShardTimes;
  /** S5: whether the log of `shard` below `below` may be forgotten: the sessions that ended there have their archive. */
  readonly mayTrim: (shard: number, below: number) => boolean | Promise<boolean>;
}

export interface QuizNode {
  readonly edge: SessionEdge;
  readonly region: QuizRegion;
}

/** What those who look after the cluster are shown, and may move. */
export function clusterView({ shards }: Pick<NodeConfig, 'shards'>, { membership, peers }: Pick<NodePorts, 'membership' | 'peers'>, region: QuizRegion): ClusterView {
  return {
    membership, peers, shards,
    placement: (nodes) => placeShards(nodes, shards),
    reports: () => region.reports(),
    move: (shard, to) => region.move(shard, to),
  };
}

/** The region claims nothing before `region.start()`. */
export function buildNode(config: Pick<NodeConfig, 'nodeName' | 'shards' | 'limits'>, ports: Pick<NodePorts, 'journal' | 'snapshots' | 'records' | 'peers'> & { readonly membership: Membership }, deps: NodeDeps): QuizNode {
  const { boot, clock, timers, random, note, answered, shardTimes, mayTrim } = deps;
  const { nodeName, shards, limits } = config;
  const edge = new SessionEdge({ node: nodeName, boot, shards, membership: ports.membership, records: ports.records, clock, timers, random, limits, note, ...(answered && { answered }), ...(shardTimes && { shardTimes }) });
  const region = createRegion({
    nodeName,
    boot,
    shards,
    journal: ports.journal,
    snapshots: ports.snapshots,
    membership: ports.membership,
    peers: ports.peers,
    clock,
    timers,
    random,
    behavior: edge.behavior,
    observer: edge,
    limits: { closeWaitMs: limits.closeWaitMs },
    mayTrim,
  });
  edge.attach(region);
  return { edge, region };
}
