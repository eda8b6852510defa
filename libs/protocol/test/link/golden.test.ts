import { expect, test } from '@jest/globals';
import { LinkWriter, decodeLinkFrame } from '../../src/link/codec.js';
import type { NodeRecord, RouterRecord } from '../../src/link/records.js';

/**
 * Link version 1, byte for byte. During a roll the other side runs another release: a change of any of these bytes is a new LINK_VERSION.
 */
const bytes = Uint8Array.of(0xbe, 0xef);
const fromRouter: readonly (readonly [RouterRecord, string])[] = [
  [{ r: 'linkHello', router: 'router-1', boot: 'b7' }, '010108726f757465722d31026237'],
  [{ r: 'open', conn: 5, connId: 'c5', sessionId: '7K3M9QRT', remote: '::1', ownerOffset: 0, ownerEpoch: 3, ownerSeenAt: 1.5, hops: 0 }, '01020502633508374b334d39515254033a3a31000000000000000003000000000000f83f0000'],
  [
    {
      r: 'open', conn: 5, connId: 'c5', sessionId: '7K3M9QRT', remote: '::1', ownerOffset: 0, ownerEpoch: 3, ownerSeenAt: 1.5, hops: 1, bind: bytes, s: 42, p: 9, rttMinMs: 0.5,
      rttSamples: 3,
    },
    '01020502633508374b334d39515254033a3a31000000000000000003000000000000f83f011f02beef2a09000000000000e03f03',
  ],
  [{ r: 'data', conn: 5, k: 1, recvAt: 1733000000123, flags: 3, bytes }, '0103050100b02797ed3779420302beef'],
  [{ r: 'close', conn: 5, code: 1001 }, '010405e907'],
  [{ r: 'rtt', conn: 5, minMs: 12.5, samples: 3 }, '010505000000000000294003'],
  [{ r: 'attached', shards: [{ shard: 255, epoch: 3, ownerOffset: 1.5 }] }, '010601ff0103000000000000f83f'],
  [{ r: 'clock', now: 2.5, mono: 1.5 }, '01070000000000000440000000000000f83f'],
];
const fromNode: readonly (readonly [NodeRecord, string])[] = [
  [{ r: 'linkWelcome', node: 'node-1', boot: 'b8', shards: 256 }, '0121066e6f64652d310262388002'],
  [{ r: 'beat', mono: 2.5, echo: 1.5 }, '01220000000000000440000000000000f83f'],
  [{ r: 'owner', shard: 255, epoch: 3, offset: -1.5 }, '0123ff0103000000000000f8bf'],
  [{ r: 'data', conn: 5, reset: false, bytes }, '0124050002beef'],
  [{ r: 'data', conn: 5, done: 2, s: 42, p: 9, reset: true, bytes }, '0124050f022a0902beef'],
  [
    { r: 'bind', conn: 5, done: 1, s: 42, p: 9, role: 'spectator', genEpoch: 3, genCount: 1, perSecond: 5, burst: 10, bind: bytes, frames: [bytes, bytes] },
    '012505012a0908000301050a02beef0202beef02beef',
  ],
  [
    { r: 'bind', conn: 5, done: 1, s: 42, p: 9, role: 'player', playerId: 'pl1', genEpoch: 3, genCount: 1, perSecond: 5, burst: 10, bind: bytes, frames: [] },
    '012505012a09010103706c310301050a02beef00',
  ],
  [{ r: 'each', items: [{ conn: 5, p: 9, bytes }, { conn: 6, p: 10, bytes }] }, '012602050902beef060a02beef'],
  [{ r: 'broadcast', sessionId: '7K3M9QRT', audience: 6, bytes }, '012708374b334d39515254060002beef'],
  [{ r: 'broadcast', sessionId: '7K3M9QRT', audience: 15, s: 43, bytes }, '012708374b334d395152540f012b02beef'],
  [{ r: 'close', conn: 5, code: 4505 }, '012805992300'],
  [{ r: 'close', conn: 5, code: 4505, done: 2 }, '01280599230102'],
  [{ r: 'moving', shard: 255 }, '0129ff01'],
  [{ r: 'notOwner', conn: 5, shard: 255, hint: 'node-2' }, '012a05ff01066e6f64652d32'],
  [{ r: 'members', nodes: [{ name: 'n2', address: '[::1]:80' }] }, '012b01026e32085b3a3a315d3a3830'],
];

const hex = (frame: Uint8Array): string => Array.from(frame, (byte) => byte.toString(16).padStart(2, '0')).join('');
const unhex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

test.each(fromRouter)('router: %j', (record, golden) => {
  const writer = new LinkWriter('router');
  writer.append(record);
  expect(hex(writer.take())).toBe(golden);
  expect(decodeLinkFrame(unhex(golden), 'router')).toStrictEqual({ ok: true, records: [record] });
});

test.each(fromNode)('node: %j', (record, golden) => {
  const writer = new LinkWriter('node');
  writer.append(record);
  expect(hex(writer.take())).toBe(golden);
  expect(decodeLinkFrame(unhex(golden), 'node')).toStrictEqual({ ok: true, records: [record] });
});
