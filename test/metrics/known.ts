/** Every metric that the programs have, with a backend of services and a membership that hears. */
import type { JoinableMembership } from '@ringmaster/actors';
import { Registry } from 'prom-client';
import { watchCache } from '../../apps/quiz-node/src/ops/cache-metrics.js';
import { dynamoMetrics } from '../../apps/quiz-node/src/ops/dynamodb-metrics.js';
import { watchJournal } from '../../apps/quiz-node/src/ops/journal-metrics.js';
import { kafkaMetrics } from '../../apps/quiz-node/src/ops/kafka-metrics.js';
import { watchMembership } from '../../apps/quiz-node/src/ops/membership-metrics.js';
import { nodeMetrics } from '../../apps/quiz-node/src/ops/metrics.js';
import { newSessionCounters } from '../../apps/quiz-node/src/session/counters.js';
import { newCounters } from '../../apps/router/src/core/counters.js';
import { routerMetrics } from '../../apps/router/src/ops/metrics.js';

export interface Known {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly help: string;
}

const membership: Pick<JoinableMembership, 'view' | 'status'> = {
  view: () => ({ version: 1, nodes: [], routers: [] }),
  status: () => ({ stale: false, ageMs: 0, ringHash: 'hash', disagreeing: [], replacedBy: undefined, beats: 0, failures: 0 }),
};

/** Of the quiz-node, without those that prom-client has of its own. */
export function nodeKnown(): readonly Known[] {
  const registry = new Registry();
  const no = (): Promise<never> => Promise.reject(new Error('nobody asks'));
  watchJournal(registry, { append: no, read: no, ends: no, trim: no, close: no }, { mono: () => 0 });
  kafkaMetrics(registry);
  dynamoMetrics(registry);
  watchMembership(registry, membership);
  watchCache(registry, () => ({ hits: 0, misses: 0, errors: 0, bypassed: 0, fills: 0, unfilled: 0 }));
  const gauges = {
    shardsOwned: 0, shardsHalted: 0, shardsStalled: 0, shardsUnsettled: 0, shardsUnclear: 0, shardsOfCluster: 0,
    entitiesHot: 0, entities: 0, mailboxed: 0, sessionsConnected: 0, decks: 0, links: 0,
  };
  nodeMetrics(newSessionCounters(), () => gauges, registry);
  return ours(registry);
}

/** Of the router, without those that prom-client has of its own. */
export function routerKnown(): readonly Known[] {
  const registry = new Registry();
  const gauges = { sockets: 0, gone: 0, unauthenticated: 0, sessions: 0, links: 0, stalls: 0 };
  routerMetrics({ counters: newCounters(), gauges }, membership, registry);
  return ours(registry);
}

function ours(registry: Registry): readonly Known[] {
  const metrics = registry.getMetricsAsArray() as unknown as readonly { readonly name: string; readonly help: string; readonly labelNames: readonly string[]; readonly constructor: { readonly name: string } }[];
  return metrics
    .filter(({ name }) => name.startsWith('ringmaster_'))
    .map(({ name, help, labelNames, constructor }) => ({ name, type: constructor.name.toLowerCase(), labels: labelNames.filter((label) => label !== 'le'), help }));
}
