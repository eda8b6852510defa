import { expect, test } from '@jest/globals';
import { nodeMetrics, type NodeGauges } from '../../src/ops/metrics.js';
import { newSessionCounters } from '../../src/session/counters.js';

const gauges: NodeGauges = {
  shardsOwned: 256, shardsHalted: 0, shardsStalled: 0, shardsUnsettled: 0, shardsUnclear: 0, shardsOfCluster: 256,
  entitiesHot: 3, entities: 9, mailboxed: 0, sessionsConnected: 2, decks: 1, links: 1,
};

test('counters and gauges are read when somebody asks', async () => {
  const counters = newSessionCounters();
  const metrics = nodeMetrics(counters, () => gauges);
  counters.answersAccepted = 7;
  await metrics.read();
  counters.answersAccepted = 8;
  metrics.answered(4);
  metrics.requested('GET', 200, 12);
  const { type, text } = await metrics.read();
  expect(type).toContain('text/plain');
  for (const line of [
    'ringmaster_node_answers_accepted_total 8', 'ringmaster_node_shards_owned 256', 'ringmaster_node_answer_seconds_bucket{le="0.005"} 1',
    'ringmaster_node_answer_seconds_bucket{le="0.0025"} 0', 'ringmaster_node_request_seconds_count{method="GET",status="200"} 1', 'nodejs_eventloop_lag_seconds',
  ]) expect(text).toContain(line);
});

test('every name is there once, with help', async () => {
  const { text } = await nodeMetrics(newSessionCounters(), () => gauges).read();
  const names = [...text.matchAll(/^# HELP (ringmaster_node_\S+) \S/gm)].map(([, name]) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toHaveLength(Object.keys(newSessionCounters()).length + Object.keys(gauges).length + 4);
});
