/** The metrics of every quiz-node, by name; those of a backend are added beside them. */
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { SessionCounters } from '../session/counters.js';
import { addCounters, addGauges, type Readings } from './readings.js';

const PREFIX = 'ringmaster_node_';

const counterHelp: Readings<SessionCounters> = {
  framesIn: ['frames_received_total', 'Frames of clients that came over links'],
  answersAccepted: ['answers_accepted_total', 'Answers acknowledged, repeated ones included'],
  refusals: ['refusals_total', 'Commands answered err'],
  welcomes: ['welcomes_total', 'Hellos accepted'],
  filled: ['connections_filled_total', 'Connections taken over from another owner or link'],
  broadcasts: ['broadcasts_total', 'Shared messages and hints, one per router'],
  privates: ['private_messages_total', 'Private messages'],
  notOwner: ['not_owner_total', 'Connections sent on because their shard is not owned here'],
  closes: ['closes_total', 'Client sockets that this node had closed'],
  turnsFaulted: ['turns_faulted_total', 'Turns that threw and were undone'],
  quarantined: ['sessions_quarantined_total', 'Sessions that stand still after three faults at one record'],
  shardsClaimed: ['shards_claimed_total', 'Shards that this node got, whoever had them before'],
  shardsHandedOver: ['shards_handed_over_total', 'Shards that this node let go of in planned moves'],
  shardsLost: ['shards_lost_total', 'Shards that were taken from this node, or that halted'],
  hangs: ['hangs_total', 'Times that this process stood still for more than a second'],
};

/** What there is now. */
export interface NodeGauges {
  readonly shardsOwned: number;
  readonly shardsHalted: number;
  readonly shardsStalled: number;
  readonly shardsUnsettled: number;
  readonly shardsUnclear: number;
  readonly shardsOfCluster: number;
  readonly entitiesHot: number;
  readonly entities: number;
  readonly mailboxed: number;
  readonly sessionsConnected: number;
  readonly decks: number;
  readonly links: number;
}

const gaugeHelp: Readings<NodeGauges> = {
  shardsOwned: ['shards_owned', 'Shards that this node owns and serves'],
  shardsHalted: ['shards_halted', 'Shards that stand still with a named error'],
  shardsStalled: ['shards_stalled', 'Owned shards whose journal does not answer'],
  shardsUnsettled: ['shards_unsettled', 'Shards of which this node is finding out who owns them, or which it is recovering'],
  shardsUnclear: ['shards_unclear', 'Shards that the ring gives this node, and of which it was never clear who owns them'],
  shardsOfCluster: ['cluster_shards', 'Shards that the cluster was made with: so many should be owned by all nodes together'],
  entitiesHot: ['sessions_hot', 'Sessions in memory'],
  entities: ['sessions_known', 'Sessions of the owned shards, in memory or not'],
  mailboxed: ['commands_waiting', 'Commands that wait for their turn'],
  sessionsConnected: ['sessions_connected', 'Sessions with a connection here'],
  decks: ['decks', 'Decks in memory'],
  links: ['links', 'Routers whose link is up'],
};

/** Around the goal: acknowledged within 250 ms at the peak. */
const ANSWER_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
/** A shard that nobody serves is noticed by players after a quarter of a second. */
const SHARD_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const REQUEST_BUCKETS_S = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface NodeMetrics {
  /** From handing an answer to the region until its reply, ms. */
  readonly answered: (ms: number) => void;
  /** As `ShardTimes` of the session layer, ms. */
  readonly recovered: (ms: number) => void;
  readonly handedOver: (ms: number) => void;
  readonly requested: (method: string, status: number, ms: number) => void;
  readonly read: () => Promise<{ readonly type: string; readonly text: string }>;
}

/** @param registry may have the metrics of the backend already */
export function nodeMetrics(counters: SessionCounters, gauges: () => NodeGauges, registry = new Registry()): NodeMetrics {
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  addCounters(registry, PREFIX, counterHelp, () => counters);
  addGauges(registry, PREFIX, gaugeHelp, gauges);
  const answers = new Histogram({ name: `${PREFIX}answer_seconds`, help: 'From a link record to its durable reply', buckets: ANSWER_BUCKETS_S, registers });
  const requests = new Histogram({
    name: `${PREFIX}request_seconds`, help: 'REST requests', labelNames: ['method', 'status'] as const, buckets: REQUEST_BUCKETS_S, registers,
  });
  const recoveries = new Histogram({
    name: `${PREFIX}shard_recovery_seconds`, help: 'From asking who owns a shard until this node, which got it, has read its log', buckets: SHARD_BUCKETS_S, registers,
  });
  const handOvers = new Histogram({
    name: `${PREFIX}shard_hand_over_seconds`, help: 'From the beginning of a planned move until the shard was let go; the next owner comes after it', buckets: SHARD_BUCKETS_S, registers,
  });
  return {
    answered: (ms) => answers.observe(ms / 1000),
    recovered: (ms) => recoveries.observe(ms / 1000),
    handedOver: (ms) => handOvers.observe(ms / 1000),
    requested: (method, status, ms) => requests.observe({ method, status: String(status) }, ms / 1000),
    read: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  };
}
