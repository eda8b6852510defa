/** The byte form of what a router sends: after the tag the fields in the order written here, optional ones behind a mask. */
import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import { recordTag, type AttachedShard, type OpenRecord, type RouterRecord } from './records.js';

const tag = recordTag.router;
const HAS_BIND = 1;
const HAS_S = 2;
const HAS_P = 4;
const HAS_RTT_MIN = 8;
const HAS_RTT_SAMPLES = 16;
const OPEN_MASK = 31;

function writeOpen(to: ByteWriter, record: OpenRecord): void {
  const { bind, s, p, rttMinMs, rttSamples } = record;
  to.varint(record.conn);
  to.text(record.connId);
  to.text(record.sessionId);
  to.text(record.remote);
  to.float64(record.ownerOffset);
  to.varint(record.ownerEpoch);
  to.float64(record.ownerSeenAt);
  to.varint(record.hops);
  to.byte(
    (bind === undefined ? 0 : HAS_BIND) |
      (s === undefined ? 0 : HAS_S) |
      (p === undefined ? 0 : HAS_P) |
      (rttMinMs === undefined ? 0 : HAS_RTT_MIN) |
      (rttSamples === undefined ? 0 : HAS_RTT_SAMPLES),
  );
  if (bind !== undefined) to.bytes(bind);
  if (s !== undefined) to.varint(s);
  if (p !== undefined) to.varint(p);
  if (rttMinMs !== undefined) to.float64(rttMinMs);
  if (rttSamples !== undefined) to.varint(rttSamples);
}

function readOpen(from: ByteReader): OpenRecord {
  const always = {
    r: 'open',
    conn: from.varint(),
    connId: from.text(),
    sessionId: from.text(),
    remote: from.text(),
    ownerOffset: from.float64(),
    ownerEpoch: from.varint(),
    ownerSeenAt: from.float64(),
    hops: from.varint(),
  } as const;
  const mask = from.byte();
  if (mask > OPEN_MASK) from.fail('unknown field of open');
  return {
    ...always,
    ...(mask & HAS_BIND ? { bind: from.bytes() } : {}),
    ...(mask & HAS_S ? { s: from.varint() } : {}),
    ...(mask & HAS_P ? { p: from.varint() } : {}),
    ...(mask & HAS_RTT_MIN ? { rttMinMs: from.float64() } : {}),
    ...(mask & HAS_RTT_SAMPLES ? { rttSamples: from.varint() } : {}),
  };
}

function readAttached(from: ByteReader): AttachedShard[] {
  const shards: AttachedShard[] = [];
  for (let left = from.varint(); left > 0; left--) shards.push({ shard: from.varint(), epoch: from.varint(), ownerOffset: from.float64() });
  return shards;
}

export function writeRouterRecord(to: ByteWriter, record: RouterRecord): void {
  to.byte(tag[record.r]);
  switch (record.r) {
    case 'linkHello':
      to.text(record.router);
      to.text(record.boot);
      return;
    case 'open':
      return writeOpen(to, record);
    case 'data':
      to.varint(record.conn);
      to.varint(record.k);
      to.float64(record.recvAt);
      to.varint(record.flags);
      to.bytes(record.bytes);
      return;
    case 'close':
      to.varint(record.conn);
      to.varint(record.code);
      return;
    case 'rtt':
      to.varint(record.conn);
      to.float64(record.minMs);
      to.varint(record.samples);
      return;
    case 'attached':
      to.varint(record.shards.length);
      for (const { shard, epoch, ownerOffset } of record.shards) {
        to.varint(shard);
        to.varint(epoch);
        to.float64(ownerOffset);
      }
      return;
    case 'clock':
      to.float64(record.now);
      to.float64(record.mono);
  }
}

export function readRouterRecord(from: ByteReader): RouterRecord {
  const found = from.byte();
  switch (found) {
    case tag.linkHello:
      return { r: 'linkHello', router: from.text(), boot: from.text() };
    case tag.open:
      return readOpen(from);
    case tag.data:
      return { r: 'data', conn: from.varint(), k: from.varint(), recvAt: from.float64(), flags: from.varint(), bytes: from.bytes() };
    case tag.close:
      return { r: 'close', conn: from.varint(), code: from.varint() };
    case tag.rtt:
      return { r: 'rtt', conn: from.varint(), minMs: from.float64(), samples: from.varint() };
    case tag.attached:
      return { r: 'attached', shards: readAttached(from) };
    case tag.clock:
      return { r: 'clock', now: from.float64(), mono: from.float64() };
    default:
      return from.fail(`a router sends no record ${found},`);
  }
}
