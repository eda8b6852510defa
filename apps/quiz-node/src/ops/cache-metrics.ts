/** How much the copies of decks in Redis are worth. */
import type { Registry } from 'prom-client';
import { addCounters, type Readings } from './readings.js';

export interface CacheCounters {
  readonly hits: number;
  readonly misses: number;
  readonly errors: number;
  readonly bypassed: number;
  readonly fills: number;
  readonly unfilled: number;
}

const help: Readings<CacheCounters> = {
  hits: ['hits_total', 'Reads that were answered with a copy'],
  misses: ['misses_total', 'Reads that went to the records'],
  errors: ['errors_total', 'Reads and writes that Redis did not answer in time, and damaged copies'],
  bypassed: ['bypassed_total', 'Reads and writes for which Redis was not asked: it is not connected, or did not answer a moment ago'],
  fills: ['fills_total', 'Copies made'],
  unfilled: ['unfilled_total', 'Copies not made: too large, or too many at once'],
};

export function watchCache(registry: Registry, counts: () => CacheCounters): void {
  addCounters(registry, 'ringmaster_node_deck_cache_', help, counts);
}
