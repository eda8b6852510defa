/** Records whose bytes follow from their place, so that what is read can be told from what should be there. */
import { noise } from '../contract/bytes.js';

export const SHARDS = 4;

export function recordAt(shard: number, offset: number): Uint8Array {
  const length = (offset * 37 + shard * 101) % 3_000;
  return Buffer.concat([Buffer.from(`${String(shard)}/${String(offset)}:`), noise(length, offset)]);
}

export function batchLength(shard: number, offset: number): number {
  return 1 + ((offset * 7 + shard) % 20);
}
