/**
 * The checksum of a record (I9): its key in Kafka is the CRC-32 of its value. Kafka's own checksum covers a batch, and kafkajs 2.2.4 does not
 * compare it. As partitions are explicit and nothing is compacted, the key has no other use.
 */
import { crc32 } from 'node:zlib';
import type { JournalRecord } from '../../ports/journal.js';
import type { FetchedRecord, SealedRecord } from './client.js';

/** About what Kafka adds to a record, bytes; not more than this. */
export const RECORD_OVERHEAD_BYTES = 32;

export function seal(bytes: Uint8Array): SealedRecord {
  const key = Buffer.allocUnsafe(4);
  key.writeUInt32BE(crc32(bytes));
  return { key, value: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length) };
}

/**
 * The records of a page, from `from` on, one at least, about `maxBytes` at most.
 * @returns or what is wrong with one of them
 */
export function unsealPage(fetched: readonly FetchedRecord[], from: number, maxBytes: number): JournalRecord[] | string {
  const records: JournalRecord[] = [];
  let room = maxBytes;
  for (const { offset, key, value } of fetched) {
    if (offset < from) continue;
    // L5 counts on dense offsets: a hole is a control record of a transaction, or a compaction.
    if (offset !== from + records.length) return `offset ${from + records.length} is missing, ${offset} comes next`;
    if (key?.length !== 4 || value === null) return `offset ${offset} is not a record of this journal`;
    if (key.readUInt32BE() !== crc32(value)) return `offset ${offset} fails its checksum`;
    if (records.length > 0 && value.length > room) break;
    records.push({ offset, bytes: value });
    room -= value.length;
  }
  return records;
}
