/** Keys are compared byte by byte: numbers are big-endian, so that their order is the order of the file. */

const OFFSET_AT = 4;

export function shardKey(shard: number): Buffer {
  const key = Buffer.allocUnsafe(4);
  key.writeUInt32BE(shard);
  return key;
}

/** @param offset up to 2^53. */
export function journalKey(shard: number, offset: number): Buffer {
  const key = Buffer.allocUnsafe(12);
  key.writeUInt32BE(shard, 0);
  key.writeUInt32BE(Math.floor(offset / 2 ** 32), OFFSET_AT);
  key.writeUInt32BE(offset >>> 0, OFFSET_AT + 4);
  return key;
}

export function offsetOfKey(key: Buffer): number {
  return offsetOfKeyAt(key, 0);
}

/** Of the key that begins at `at`. */
export function offsetOfKeyAt(memory: Buffer, at: number): number {
  return memory.readUInt32BE(at + OFFSET_AT) * 2 ** 32 + memory.readUInt32BE(at + OFFSET_AT + 4);
}

/** First key above all that begin with `prefix`; undefined when there is none. */
export function afterPrefix(prefix: Buffer): Buffer | undefined {
  const last = prefix.findLastIndex((byte) => byte < 0xff);
  if (last < 0) return undefined;
  const end = Buffer.from(prefix.subarray(0, last + 1));
  end[last]! += 1;
  return end;
}

/** lmdb takes keys of up to 1,978 bytes; two names of this length fit into one. */
export const NAME_BYTES_MAX = 960;

/**
 * UTF-8, whose byte order is the order of code points.
 * @throws RangeError when the name is empty, too long, or holds half a surrogate pair (which UTF-8 cannot tell apart).
 */
export function nameBytes(name: string): Buffer {
  const bytes = Buffer.from(name);
  if (bytes.length === 0 || bytes.length > NAME_BYTES_MAX) {
    throw new RangeError(`a key has 1 to ${String(NAME_BYTES_MAX)} bytes, this one ${String(bytes.length)}`);
  }
  if (bytes.toString() !== name) throw new RangeError('a key is well-formed Unicode');
  return bytes;
}

export function pointerKey(shard: number, entityId: string): Buffer {
  return Buffer.concat([shardKey(shard), nameBytes(entityId)]);
}

/** The length before the name keeps one entity's chunks apart from those of an entity whose id begins with its id. */
export function chunkPrefix(shard: number, entityId: string): Buffer {
  const name = nameBytes(entityId);
  const length = Buffer.allocUnsafe(2);
  length.writeUInt16BE(name.length);
  return Buffer.concat([shardKey(shard), length, name]);
}

export function chunkKey(shard: number, entityId: string, key: string): Buffer {
  return Buffer.concat([chunkPrefix(shard, entityId), nameBytes(key)]);
}

/** Time first, then the record's key. */
export function expiryKey(expiresAt: number, key: Buffer): Buffer {
  return Buffer.concat([timeBytes(expiresAt), key]);
}

export function keyOfExpiry(expiry: Buffer): Buffer {
  return expiry.subarray(8);
}

/** @param time ms since 1970, 0 up to 2^53. */
export function timeBytes(time: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(BigInt(Math.max(0, Math.floor(time))));
  return bytes;
}
