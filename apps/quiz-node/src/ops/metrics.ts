/** All metrics of the quiz-node, by name. Others count plain numbers; they are read when somebody asks. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { SessionCounters } from '../session/counters.js';

const PREFIX = 'ringmaster_node_';

const counterHelp: Readonly<Record<keyof SessionCounters, readonly [name: string, help: string]>> = {
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
};

/** What there is now. */
export interface NodeGauges {
  readonly shardsOwned: number;
  readonly shardsHalted: number;
  readonly entitiesHot: number;
  readonly entities: number;
  readonly mailboxed: number;
  readonly sessionsConnected: number;
  readonly decks: number;
  readonly links: number;
}

const gaugeHelp: Readonly<Record<keyof NodeGauges, readonly [name: string, help: string]>> = {
  shardsOwned: ['shards_owned', 'Shards that this node owns and serves'],
  shardsHalted: ['shards_halted', 'Shards that stand still with a named error'],
  entitiesHot: ['sessions_hot', 'Sessions in memory'],
  entities: ['sessions_known', 'Sessions of the owned shards, in memory or not'],
  mailboxed: ['commands_waiting', 'Commands that wait for their turn'],
  sessionsConnected: ['sessions_connected', 'Sessions with a connection here'],
  decks: ['decks', 'Decks in memory'],
  links: ['links', 'Routers whose link is up'],
};

/** Around the goal: acknowledged within 250 ms at the peak. */
const ANSWER_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const REQUEST_BUCKETS_S = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface NodeMetrics {
  /** From handing an answer to the region until its reply, ms. */
  readonly answered: (ms: number) => void;
  readonly requested: (method: string, status: number, ms: number) => void;
  readonly read: () => Promise<{ readonly type: string; readonly text: string }>;
}

export function nodeMetrics(counters: SessionCounters, gauges: () => NodeGauges): NodeMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  for (const key of Object.keys(counterHelp) as (keyof SessionCounters)[]) {
    const [name, help] = counterHelp[key];
    new Counter({
      name: PREFIX + name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(counters[key]);
      },
    });
  }
  for (const key of Object.keys(gaugeHelp) as (keyof NodeGauges)[]) {
    const [name, help] = gaugeHelp[key];
    new Gauge({
      name: PREFIX + name,
      help,
      registers,
      collect() {
        this.set(gauges()[key]);
      },
    });
  }
  const answers = new Histogram({ name: `${PREFIX}answer_seconds`, help: 'From a link record to its durable reply', buckets: ANSWER_BUCKETS_S, registers });
  const requests = new Histogram({
    name: `${PREFIX}request_seconds`, help: 'REST requests', labelNames: ['method', 'status'] as const, buckets: REQUEST_BUCKETS_S, registers,
  });
  return {
    answered: (ms) => answers.observe(ms / 1000),
    requested: (method, status, ms) => requests.observe({ method, status: String(status) }, ms / 1000),
    read: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  };
}
