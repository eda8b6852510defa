/** All metrics of the router, by name. The core counts plain numbers; they are read when somebody asks. */
import type { JoinableMembership } from '@ringmaster/actors';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { RouterCounters } from '../core/counters.js';
import type { Router } from '../core/router.js';
import { watchMembership } from './membership-metrics.js';
import { addCounters, addGauges, type Readings } from './readings.js';

const PREFIX = 'ringmaster_router_';

type Counts = RouterCounters & Pick<Router['gauges'], 'stalls'>;
type Gauges = Omit<Router['gauges'], 'stalls'>;

const counterHelp: Readings<Counts> = {
  framesIn: ['frames_received_total', 'Frames read from clients'],
  framesOverRate: ['frames_over_rate_total', 'Frames marked as over the rate'],
  framesSentAgain: ['frames_sent_again_total', 'Kept frames that went to another owner or link'],
  framesDiscarded: ['frames_discarded_total', 'Frames of clients that are gone, given up for lack of memory'],
  messagesOut: ['messages_sent_total', 'Messages written to clients'],
  bytesOut: ['message_bytes_sent_total', 'Bytes of these messages'],
  broadcasts: ['broadcasts_total', 'Broadcasts fanned out'],
  hintsGivenUp: ['hints_given_up_total', 'Fan-outs of a hint that a newer one overtook'],
  hintsDropped: ['hints_dropped_total', 'Hints not sent to slow clients'],
  opens: ['opens_total', 'Connections opened at a node, each time'],
  hops: ['hops_total', 'Connections sent on by a node that does not own their shard'],
  backOffs: ['back_offs_total', 'Shards whose connections waited after too many hops'],
  gaps: ['position_gaps_total', 'Connections opened again because a message was missing'],
  repliesDropped: ['replies_dropped_total', 'Replies to frames that were done'],
  repliesSkipped: ['replies_skipped_total', 'Replies that left an earlier frame without one: a fault of a node'],
  recordsIgnored: ['records_ignored_total', 'Records for connections that are not open there'],
  linksUp: ['links_up_total', 'Links that became ready'],
  linksLost: ['links_lost_total', 'Links that broke'],
  dialsFailed: ['dials_failed_total', 'Dials that did not lead to a link'],
  refusedAddress: ['upgrades_refused_address_total', 'Upgrades refused for too many from one address'],
  refusedOverload: ['upgrades_refused_overload_total', 'Upgrades refused for overload'],
  stalls: ['stalls_total', 'Times that this process stood still'],
};

const gaugeHelp: Readings<Gauges> = {
  sockets: ['sockets', 'Client sockets open'],
  gone: ['connections_gone', 'Connections whose client is gone and whose frames are not all done'],
  unauthenticated: ['sockets_unauthenticated', 'Client sockets before welcome'],
  sessions: ['sessions', 'Sessions with a connection here'],
  links: ['links', 'Nodes whose link is up'],
};

const FORWARD_BUCKETS_S = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface RouterMetrics {
  readonly forwarded: (status: number, ms: number) => void;
  readonly read: () => Promise<{ readonly type: string; readonly text: string }>;
}

export function routerMetrics(router: Pick<Router, 'counters' | 'gauges'>, membership: Pick<JoinableMembership, 'view' | 'status'>, registry = new Registry()): RouterMetrics {
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  addCounters(registry, PREFIX, counterHelp, () => ({ ...router.counters, stalls: router.gauges.stalls }));
  addGauges(registry, PREFIX, gaugeHelp, () => router.gauges);
  watchMembership(registry, membership);
  const calls = new Histogram({ name: `${PREFIX}forward_seconds`, help: 'Forwarded HTTP calls', labelNames: ['status'], buckets: FORWARD_BUCKETS_S, registers });
  return {
    forwarded: (status, ms) => calls.observe({ status: `${Math.floor(status / 100)}xx` }, ms / 1000),
    read: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  };
}
