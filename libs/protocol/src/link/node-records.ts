/** The byte form of what a quiz-node sends: after the tag the fields in the order written here, optional ones behind a mask. */
import { audienceBit, everybody, roleOfBit } from '../roles.js';
import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import { readMembers, writeMembers } from './members.js';
import { recordTag, type BindRecord, type BroadcastRecord, type EachItem, type NodeClose, type NodeData, type NodeRecord } from './records.js';

const tag = recordTag.node;
const HAS_DONE = 1;
const HAS_S = 2;
const HAS_P = 4;
const RESET = 8;
const DATA_MASK = 15;

function writeData(to: ByteWriter, { conn, done, s, p, reset, bytes }: NodeData): void {
  to.varint(conn);
  to.byte((done === undefined ? 0 : HAS_DONE) | (s === undefined ? 0 : HAS_S) | (p === undefined ? 0 : HAS_P) | (reset ? RESET : 0));
  if (done !== undefined) to.varint(done);
  if (s !== undefined) to.varint(s);
  if (p !== undefined) to.varint(p);
  to.bytes(bytes);
}

function readData(from: ByteReader): NodeData {
  const conn = from.varint();
  const mask = from.byte();
  if (mask > DATA_MASK) from.fail('unknown field of data');
  return {
    r: 'data',
    conn,
    ...(mask & HAS_DONE ? { done: from.varint() } : {}),
    ...(mask & HAS_S ? { s: from.varint() } : {}),
    ...(mask & HAS_P ? { p: from.varint() } : {}),
    reset: (mask & RESET) !== 0,
    bytes: from.bytes(),
  };
}

function writeBind(to: ByteWriter, record: BindRecord): void {
  to.varint(record.conn);
  to.varint(record.done);
  to.varint(record.s);
  to.varint(record.p);
  to.byte(audienceBit[record.role]);
  writePresence(to, record.playerId !== undefined);
  if (record.playerId !== undefined) to.text(record.playerId);
  to.varint(record.genEpoch);
  to.varint(record.genCount);
  to.varint(record.perSecond);
  to.varint(record.burst);
  to.bytes(record.bind);
  to.varint(record.frames.length);
  for (const frame of record.frames) to.bytes(frame);
}

function readBind(from: ByteReader): BindRecord {
  const position = { conn: from.varint(), done: from.varint(), s: from.varint(), p: from.varint() };
  const role = roleOfBit(from.byte());
  if (role === undefined) return from.fail('unknown role');
  return {
    r: 'bind',
    ...position,
    role,
    ...(readPresence(from) ? { playerId: from.text() } : {}),
    genEpoch: from.varint(),
    genCount: from.varint(),
    perSecond: from.varint(),
    burst: from.varint(),
    bind: from.bytes(),
    frames: readMany(from, (source) => source.bytes()),
  };
}

function writeBroadcast(to: ByteWriter, { sessionId, audience, s, bytes }: BroadcastRecord): void {
  if (!(Number.isInteger(audience) && audience >= 0 && audience <= everybody)) throw new RangeError(`audience ${audience} is no mask of roles`);
  to.text(sessionId);
  to.byte(audience);
  writePresence(to, s !== undefined);
  if (s !== undefined) to.varint(s);
  to.bytes(bytes);
}

function readBroadcast(from: ByteReader): BroadcastRecord {
  const sessionId = from.text();
  const audience = from.byte();
  if (audience > everybody) from.fail('unknown audience');
  return { r: 'broadcast', sessionId, audience, ...(readPresence(from) ? { s: from.varint() } : {}), bytes: from.bytes() };
}

function readClose(from: ByteReader): NodeClose {
  return { r: 'close', conn: from.varint(), code: from.varint(), ...(readPresence(from) ? { done: from.varint() } : {}) };
}

const readEachItem = (from: ByteReader): EachItem => ({ conn: from.varint(), p: from.varint(), bytes: from.bytes() });

function readMany<T>(from: ByteReader, read: (from: ByteReader) => T): T[] {
  const many: T[] = [];
  for (let left = from.varint(); left > 0; left--) many.push(read(from));
  return many;
}

function writePresence(to: ByteWriter, present: boolean): void {
  to.byte(present ? 1 : 0);
}

function readPresence(from: ByteReader): boolean {
  const found = from.byte();
  if (found > 1) from.fail('unknown optional field');
  return found === 1;
}

export function writeNodeRecord(to: ByteWriter, record: NodeRecord): void {
  to.byte(tag[record.r]);
  switch (record.r) {
    case 'linkWelcome':
      to.text(record.node);
      to.text(record.boot);
      to.varint(record.shards);
      return;
    case 'beat':
      to.float64(record.mono);
      to.float64(record.echo);
      return;
    case 'owner':
      to.varint(record.shard);
      to.varint(record.epoch);
      to.float64(record.offset);
      return;
    case 'data':
      return writeData(to, record);
    case 'bind':
      return writeBind(to, record);
    case 'each':
      to.varint(record.items.length);
      for (const { conn, p, bytes } of record.items) {
        to.varint(conn);
        to.varint(p);
        to.bytes(bytes);
      }
      return;
    case 'broadcast':
      return writeBroadcast(to, record);
    case 'close':
      to.varint(record.conn);
      to.varint(record.code);
      writePresence(to, record.done !== undefined);
      if (record.done !== undefined) to.varint(record.done);
      return;
    case 'moving':
      to.varint(record.shard);
      return;
    case 'notOwner':
      to.varint(record.conn);
      to.varint(record.shard);
      to.text(record.hint);
      return;
    case 'members':
      writeMembers(to, record);
  }
}

export function readNodeRecord(from: ByteReader): NodeRecord {
  const found = from.byte();
  switch (found) {
    case tag.linkWelcome:
      return { r: 'linkWelcome', node: from.text(), boot: from.text(), shards: from.varint() };
    case tag.beat:
      return { r: 'beat', mono: from.float64(), echo: from.float64() };
    case tag.owner:
      return { r: 'owner', shard: from.varint(), epoch: from.varint(), offset: from.float64() };
    case tag.data:
      return readData(from);
    case tag.bind:
      return readBind(from);
    case tag.each:
      return { r: 'each', items: readMany(from, readEachItem) };
    case tag.broadcast:
      return readBroadcast(from);
    case tag.close:
      return readClose(from);
    case tag.moving:
      return { r: 'moving', shard: from.varint() };
    case tag.notOwner:
      return { r: 'notOwner', conn: from.varint(), shard: from.varint(), hint: from.text() };
    case tag.members:
      return readMembers(from);
    default:
      return from.fail(`a node sends no record ${found},`);
  }
}
