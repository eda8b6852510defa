/**
 * Long after a session was removed: all nodes die and come back, twice, and it is asked for again. The first recovery after `tombstoneMs` clears its remains away,
 * the second one finds what that has left. Owns nothing.
 */
import { shardOf } from '@ringmaster/actors';
import type { Purger } from './clients/purger.js';
import { SHARDS } from './cluster/sim-limits.js';
import type { World } from './cluster/world.js';

/** What the store has of the session. */
export interface Remains {
  /** Number in its pointer; null: there is none. */
  readonly n: number | null;
  readonly isTombstone: boolean;
  /** Chunks that were there when the tombstone was written. */
  readonly chunksBefore: readonly string[];
  /** All of its chunks. */
  readonly chunks: readonly string[];
  /** The number up to which no replay reads any more. */
  readonly replayN: number;
}

/** Session clocks of two owners differ by wrong wall clocks, and by steps of them. */
const CLOCKS_MS = 12_000;
const OWNED_WITHIN_MS = 20_000;
/** From an owner's first word to the end of its clearing. */
const CLEARED_WITHIN_MS = 2_500;
const NEWS_MS = 1_000;

/** @returns what there was before each of the recoveries. */
export async function aftermath(world: World, purger: Purger): Promise<Remains[]> {
  const { time, config } = world;
  const { sessionId } = purger.history;
  await time.run(time.now + config.limits.node.tombstoneMs + CLOCKS_MS);
  const remains: Remains[] = [];
  for (let recoveries = 0; recoveries < 2; recoveries++) {
    remains.push(remainsOf(world, sessionId));
    restartNodes(world);
    await time.run(time.now + OWNED_WITHIN_MS, () => time.steps % 16 === 0 && world.unowned().length === 0);
    await time.run(time.now + CLEARED_WITHIN_MS);
    purger.askAgain();
    await time.run(time.now + OWNED_WITHIN_MS, () => time.steps % 16 === 0 && purger.history.asked.every(({ reply }) => reply !== null));
  }
  return remains;
}

export function remainsOf({ store }: World, sessionId: string): Remains {
  const shard = shardOf(sessionId, SHARDS);
  const pointer = store.pointerOf(shard, sessionId);
  const chunks = store.chunksOf(shard, sessionId);
  const isTombstone = pointer?.chunks.length === 0;
  const before = chunks.filter(({ landedAt }) => isTombstone && landedAt < (store.pointerLandedAt(shard, sessionId) ?? 0));
  return { n: pointer?.n ?? null, isTombstone, chunks: chunks.map(({ key }) => key), chunksBefore: before.map(({ key }) => key), replayN: store.replayNOf(shard) };
}

function restartNodes(world: World): void {
  const { config, nodes, observed, time } = world;
  for (const name of config.nodes) {
    observed.up(name, time.now);
    observed.down(name, time.now, true);
    nodes.get(name)?.process.kill();
  }
  for (const name of config.nodes) world.startNode(name, config.nodes);
  world.publish(NEWS_MS);
}
