/** I10, measured: from the `kill -9` of an owner to the first record that counts of its successor, for the shards on which answers were being given. */
import type { ShardLog } from './log.js';
import type { Down } from './remaining.js';

export interface Failover {
  readonly shard: number;
  readonly node: string;
  /** To the accepted claim of the next owner, as the copy of the journal saw it, ms. */
  readonly claimMs: number;
  /** To the next accepted answer; undefined: nobody gave one before the next failover, or within a minute. */
  readonly answerMs: number | undefined;
}

const MINUTE_MS = 60_000;
/** Answers were given within this time before the kill. */
const LIVELY_MS = 3_000;

export function failovers(logs: Iterable<ShardLog>, downs: readonly Down[]): Failover[] {
  const found: Failover[] = [];
  const kills = downs.filter(({ to }) => to === Infinity);
  for (const { claims, turns } of logs) {
    const answers = turns.filter(({ events }) => events.some(({ type }) => type === 'answer.accepted'));
    claims.forEach(({ owner, landedAt, shard }, index) => {
      const next = claims[index + 1];
      const node = owner.split('/')[0] ?? '';
      const killed = kills.find(({ name, from }) => name === node && from >= landedAt && next !== undefined && from <= next.landedAt);
      if (next === undefined || killed === undefined || next.landedAt - killed.from > MINUTE_MS) return;
      if (!answers.some(({ landedAt: at }) => at <= killed.from && at >= killed.from - LIVELY_MS)) return;
      const answer = answers.find(({ landedAt: at, epoch }) => epoch >= next.epoch && at >= killed.from && at <= killed.from + MINUTE_MS);
      found.push({ shard, node, claimMs: next.landedAt - killed.from, answerMs: answer === undefined ? undefined : answer.landedAt - killed.from });
    });
  }
  return found;
}
