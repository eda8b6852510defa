import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ByteWriter } from '../../src/link/byte-writer.js';
import { LinkWriter, decodeLinkFrame } from '../../src/link/codec.js';
import { MEMBERS_MAX } from '../../src/link/members.js';
import { LINK_VERSION, recordTag, type MemberAddress, type NodeRecord, type RouterRecord } from '../../src/link/records.js';
import { nodeRecord, nodeRecords, routerRecord, routerRecords } from './arbitrary-records.js';

const fromRouter = (...records: RouterRecord[]): Uint8Array => {
  const writer = new LinkWriter('router');
  for (const record of records) writer.append(record);
  return writer.take();
};
const fromNode = (...records: NodeRecord[]): Uint8Array => {
  const writer = new LinkWriter('node');
  for (const record of records) writer.append(record);
  return writer.take();
};

/** As a writer without bounds would write it. */
function membersFrame(nodes: readonly MemberAddress[]): Uint8Array {
  const to = new ByteWriter();
  for (const byte of [LINK_VERSION, recordTag.node.members]) to.byte(byte);
  to.varint(nodes.length);
  for (const { name, address } of nodes) {
    to.text(name);
    to.text(address);
  }
  return to.take();
}

describe('what is written is what is read', () => {
  test.each(Object.entries(routerRecords))('router: %s', (_name, arbitrary) => {
    fc.assert(fc.property(arbitrary, (record: RouterRecord) => expect(decodeLinkFrame(fromRouter(record), 'router')).toStrictEqual({ ok: true, records: [record] })));
  });

  test.each(Object.entries(nodeRecords))('node: %s', (_name, arbitrary) => {
    fc.assert(fc.property(arbitrary, (record: NodeRecord) => expect(decodeLinkFrame(fromNode(record), 'node')).toStrictEqual({ ok: true, records: [record] })));
  });

  test('many records, frame after frame from one writer; a frame that was taken stays as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.array(nodeRecord, { minLength: 1, maxLength: 12 }), { maxLength: 8 }), (frames) => {
        const writer = new LinkWriter('node');
        const taken = frames.map((records) => {
          for (const record of records) writer.append(record);
          const length = writer.byteLength;
          const frame = writer.take();
          expect(frame.length).toBe(length);
          expect(writer.byteLength).toBe(0);
          return frame;
        });
        taken.forEach((frame, i) => expect(decodeLinkFrame(frame, 'node')).toStrictEqual({ ok: true, records: frames[i] }));
      }),
    );
  });

  test('a frame far larger than a chunk, with small ones before and behind it', () => {
    const writer = new LinkWriter('node');
    const large = { r: 'each', items: Array.from({ length: 3000 }, (_, conn) => ({ conn, p: conn + 1, bytes: new Uint8Array(100).fill(conn) })) } as const;
    const taken = [[{ r: 'moving', shard: 1 }], [large], [{ r: 'moving', shard: 2 }]].map((records) => {
      for (const record of records) writer.append(record as NodeRecord);
      return { frame: writer.take(), records };
    });
    for (const { frame, records } of taken) expect(decodeLinkFrame(frame, 'node')).toStrictEqual({ ok: true, records });
  });

  test('byte strings are views into the frame', () => {
    const frame = fromNode({ r: 'data', conn: 1, reset: false, bytes: new Uint8Array([1, 2, 3]) });
    const decoded = decodeLinkFrame(frame, 'node');
    const record = decoded.ok ? decoded.records[0] : undefined;
    expect(record?.r === 'data' && record.bytes.buffer === frame.buffer).toBe(true);
  });

  test('nothing appended: an empty frame', () => {
    expect(new LinkWriter('router').take()).toHaveLength(0);
  });
});

describe('the bytes', () => {
  test('version, tag, then the fields', () => {
    expect([...fromRouter({ r: 'data', conn: 300, k: 1, recvAt: 1.5, flags: 3, bytes: new Uint8Array([0x7b, 0x7d]) })]).toEqual([
      LINK_VERSION, recordTag.router.data, 0xac, 0x02, 0x01, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0x03, 0x02, 0x7b, 0x7d,
    ]);
    expect([...fromNode({ r: 'close', conn: 1, code: 4000, done: 9 })]).toEqual([LINK_VERSION, recordTag.node.close, 0x01, 0xa0, 0x1f, 0x01, 0x09]);
  });

  test('the directions share no tag', () => {
    const tags = [...Object.values(recordTag.router), ...Object.values(recordTag.node)];
    expect(new Set(tags).size).toBe(tags.length);
  });
});

describe('what cannot be written', () => {
  test.each([-1, 1.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1])('number %d: RangeError, and the frame is as before', (conn) => {
    const writer = new LinkWriter('node');
    expect(() => writer.append({ r: 'moving', shard: conn })).toThrow(RangeError);
    expect(writer.byteLength).toBe(0);
    writer.append({ r: 'moving', shard: 7 });
    expect(() => writer.append({ r: 'notOwner', conn: 1, shard: conn, hint: '' })).toThrow(RangeError);
    expect(decodeLinkFrame(writer.take(), 'node')).toStrictEqual({ ok: true, records: [{ r: 'moving', shard: 7 }] });
  });

  test.each([
    ['no name', { name: '', address: '127.0.0.1:80' }],
    ['a name of 129 bytes', { name: 'é'.repeat(64) + 'x', address: '127.0.0.1:80' }],
    ['no port', { name: 'node-1', address: '127.0.0.1' }],
    ['port 0', { name: 'node-1', address: '127.0.0.1:0' }],
    ['a port above 65535', { name: 'node-1', address: '127.0.0.1:65536' }],
    ['every interface', { name: 'node-1', address: '0.0.0.0:80' }],
    ['every interface of IPv6', { name: 'node-1', address: '[::]:80' }],
    ['a path', { name: 'node-1', address: '127.0.0.1:80/x' }],
    ['credentials', { name: 'node-1', address: 'a@b:80' }],
    ['IPv6 without brackets', { name: 'node-1', address: '::1:80' }],
    ['a host of 254 characters', { name: 'node-1', address: `${'h'.repeat(254)}:80` }],
  ])('a member with %s', (_name, member) => {
    expect(() => fromNode({ r: 'members', nodes: [member] })).toThrow(RangeError);
    expect(decodeLinkFrame(membersFrame([member]), 'node')).toEqual({ ok: false, reason: expect.stringContaining('no name and address') });
  });

  test('members: 1,000, and no more', () => {
    const many = (count: number): MemberAddress[] => Array.from({ length: count }, (_, i) => ({ name: `node-${i}`.padEnd(128, 'x'), address: `${'h'.repeat(253)}:65535` }));
    const most: NodeRecord = { r: 'members', nodes: many(MEMBERS_MAX) };
    expect(fromNode(most).length).toBeLessThan(512 * 1024);
    expect(decodeLinkFrame(fromNode(most), 'node')).toEqual({ ok: true, records: [most] });
    expect(() => fromNode({ r: 'members', nodes: many(MEMBERS_MAX + 1) })).toThrow(RangeError);
    expect(decodeLinkFrame(membersFrame(many(MEMBERS_MAX + 1)), 'node')).toEqual({ ok: false, reason: expect.stringContaining('too many nodes') });
  });

  test('an audience that is no mask', () => {
    expect(() => fromNode({ r: 'broadcast', sessionId: 'x', audience: 16, bytes: new Uint8Array() })).toThrow(RangeError);
  });
});

describe('what cannot be read', () => {
  test('no bytes, another version, a frame that went the wrong way', () => {
    expect(decodeLinkFrame(new Uint8Array(), 'node').ok).toBe(false);
    expect(decodeLinkFrame(new Uint8Array([LINK_VERSION + 1]), 'node')).toEqual({ ok: false, reason: expect.stringContaining('version 2') });
    expect(decodeLinkFrame(fromRouter({ r: 'close', conn: 1, code: 1000 }), 'node').ok).toBe(false);
    expect(decodeLinkFrame(fromNode({ r: 'close', conn: 1, code: 1000 }), 'router').ok).toBe(false);
  });

  test('cut anywhere: the whole records before the cut, or a reason', () => {
    fc.assert(
      fc.property(fc.array(routerRecord, { minLength: 1, maxLength: 4 }), fc.nat(), (records, seed) => {
        const frame = fromRouter(...records);
        const cut = seed % frame.length;
        const whole = records.filter((_, i) => fromRouter(...records.slice(0, i + 1)).length <= cut);
        const decoded = decodeLinkFrame(frame.subarray(0, cut), 'router');
        if (decoded.ok) expect(decoded.records).toStrictEqual(whole);
        else expect(cut === 0 || (whole.length === 0 ? cut > 1 : cut > fromRouter(...whole).length)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('garbage, and frames with one byte changed: an answer, never an exception', () => {
    const garbage = fc.uint8Array({ maxLength: 400 }).map((bytes) => Uint8Array.of(LINK_VERSION, ...bytes));
    const damaged = fc.tuple(fc.array(nodeRecord, { minLength: 1, maxLength: 4 }), fc.nat(), fc.integer({ min: 1, max: 255 })).map(([records, at, flip]) => {
      const frame = fromNode(...records);
      const i = at % frame.length;
      frame[i] = (frame[i] ?? 0) ^ flip;
      return frame;
    });
    fc.assert(
      fc.property(fc.oneof(garbage, damaged, fc.uint8Array()), fc.constantFrom('router', 'node'), (bytes, sender) => {
        const decoded = sender === 'router' ? decodeLinkFrame(bytes, 'router') : decodeLinkFrame(bytes, 'node');
        if (decoded.ok) expect(Array.isArray(decoded.records)).toBe(true);
        else expect(decoded.reason.length).toBeGreaterThan(0);
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    ['a length beyond the frame', [LINK_VERSION, recordTag.router.linkHello, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['a count beyond the frame', [LINK_VERSION, recordTag.router.attached, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['a number over 2^53', [LINK_VERSION, recordTag.router.close, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0]],
    ['a number without an end', [LINK_VERSION, recordTag.router.close, ...new Array<number>(12).fill(0xff)]],
    ['text that is no UTF-8', [LINK_VERSION, recordTag.router.linkHello, 1, 0xff, 0]],
  ])('%s', (_name, bytes) => {
    expect(decodeLinkFrame(Uint8Array.from(bytes), 'router').ok).toBe(false);
  });
});
