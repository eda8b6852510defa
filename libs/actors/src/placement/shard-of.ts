import { crc32 } from 'node:zlib';

/** The shard of an entity: CRC-32 of its id in UTF-8, mod the number of shards. Every node and router computes the same. */
export function shardOf(entityId: string, shards: number): number {
  return crc32(entityId) % shards;
}
