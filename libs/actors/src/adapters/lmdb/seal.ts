/** Every value in the data file begins with the CRC-32 (big-endian) of the rest: a flipped bit is never served (I9). */
import { crc32 } from 'node:zlib';

const SEAL_BYTES = 4;

/** @returns a copy of `bytes` with the checksum before it. */
export function seal(bytes: Uint8Array): Buffer {
  // Not from the pool: lmdb reads the memory from another thread and caches an address per ArrayBuffer.
  const sealed = Buffer.allocUnsafeSlow(SEAL_BYTES + bytes.length);
  sealInto(sealed, 0, bytes);
  return sealed;
}

/** One allocation for all: lmdb looks up the address of each ArrayBuffer once. */
export function sealAll(records: readonly Uint8Array[]): Buffer[] {
  const sizes = records.map((record) => SEAL_BYTES + record.length);
  const memory = Buffer.allocUnsafeSlow(sizes.reduce((sum, size) => sum + size, 0));
  let at = 0;
  return records.map((record) => {
    const from = at;
    at = sealInto(memory, at, record);
    return memory.subarray(from, at);
  });
}

/** Writes checksum and bytes at `at`. @returns the position behind them. */
function sealInto(target: Buffer, at: number, bytes: Uint8Array): number {
  target.writeUInt32BE(crc32(bytes), at);
  target.set(bytes, at + SEAL_BYTES);
  return at + SEAL_BYTES + bytes.length;
}

/** @returns the bytes behind the checksum, or undefined when they do not match it. */
export function unseal(sealed: Uint8Array): Uint8Array | undefined {
  if (sealed.length < SEAL_BYTES) return undefined;
  const bytes = sealed.subarray(SEAL_BYTES);
  const expected = new DataView(sealed.buffer, sealed.byteOffset).getUint32(0);
  return crc32(bytes) === expected ? bytes : undefined;
}

/** As `unseal`, of the first `length` bytes of memory that will be written anew. @returns a copy */
export function unsealCopy(memory: Buffer, length: number): Uint8Array | undefined {
  if (length < SEAL_BYTES) return undefined;
  const bytes = Buffer.allocUnsafe(length - SEAL_BYTES);
  memory.copy(bytes, 0, SEAL_BYTES, length);
  return crc32(bytes) === memory.readUInt32BE(0) ? bytes : undefined;
}
