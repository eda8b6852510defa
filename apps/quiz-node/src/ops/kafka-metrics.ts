/** What the brokers are asked, and how long they take. */
import { Counter, Histogram, type Registry } from 'prom-client';

/** As the journal tells it. `ok`: the broker answered, be it with an error for a partition. */
export interface KafkaRequest {
  readonly api: string;
  readonly broker: string;
  readonly ms: number;
  readonly ok: boolean;
}

/** Around the time-out of 2 s. */
const BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3];
/** Brokers that are told apart: those that come after so many others are `other`. */
const BROKERS_MAX = 32;

/** @returns to be called after each request */
export function kafkaMetrics(registry: Registry): (request: KafkaRequest) => void {
  const registers = [registry];
  const requests = new Histogram({
    name: 'ringmaster_node_kafka_request_seconds', help: 'Requests to Kafka brokers, until the answer or until it was given up', labelNames: ['api', 'ok'] as const, buckets: BUCKETS_S, registers,
  });
  const failures = new Counter({
    name: 'ringmaster_node_kafka_request_failures_total', help: 'Requests that a broker did not answer', labelNames: ['broker'] as const, registers,
  });
  const brokers = new Set<string>();
  return ({ api, broker, ms, ok }) => {
    requests.observe({ api, ok: String(ok) }, ms / 1000);
    if (brokers.size < BROKERS_MAX && !brokers.has(broker)) {
      brokers.add(broker);
      failures.inc({ broker }, 0); // so that the first failure is a rise
    }
    if (!ok) failures.inc({ broker: brokers.has(broker) ? broker : 'other' });
  };
}
