import HashRing from 'hashring';

/**
 * Which node should own each shard: consistent hashing (ketama) over the sorted names of the live nodes, by name and never by address.
 * 160 virtual nodes each, given explicitly: left to its defaults, hashring 3.2.0 places one too few for some numbers of nodes.
 * A look-up costs microseconds, so all are made at once, for each version of the membership.
 * @returns the name for each shard; empty strings when there is no node.
 */
export function placeShards(nodes: readonly string[], shards: number): readonly string[] {
  if (nodes.length === 0) return Array.from({ length: shards }, () => '');
  const ring = new HashRing(Object.fromEntries([...nodes].sort().map((name) => [name, { vnodes: 160 }])));
  return Array.from({ length: shards }, (_, shard) => ring.get(`shard-${shard}`) ?? '');
}
