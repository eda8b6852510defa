import HashRing from 'hashring';

/** Rings kept: memberships come back as nodes restart, and everybody in a process asks for the same one. */
const KEPT_MAX = 16;
/** The latest last. Never changed once made. */
const kept = new Map<string, readonly string[]>();

/**
 * Which node should own each shard: consistent hashing (ketama) over the sorted names of the live nodes, by name and never by address.
 * 160 virtual nodes each, given explicitly: left to its defaults, hashring 3.2.0 places one too few for some numbers of nodes.
 * A look-up costs microseconds, so all are made at once, for each version of the membership; the same names and shards get the same list.
 * @returns the name for each shard; empty strings when there is no node.
 */
export function placeShards(nodes: readonly string[], shards: number): readonly string[] {
  const names = [...nodes].sort();
  const key = JSON.stringify([shards, names]);
  const known = kept.get(key);
  kept.delete(key);
  const placement = known ?? Object.freeze(place(names, shards));
  kept.set(key, placement);
  const [oldest] = kept.keys();
  if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
  return placement;
}

function place(names: readonly string[], shards: number): string[] {
  if (names.length === 0) return Array.from({ length: shards }, () => '');
  const ring = new HashRing(Object.fromEntries(names.map((name) => [name, { vnodes: 160 }])));
  return Array.from({ length: shards }, (_, shard) => ring.get(`shard-${shard}`) ?? '');
}
