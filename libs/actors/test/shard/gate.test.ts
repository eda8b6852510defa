import { beforeEach, describe, expect, test } from '@jest/globals';
import { encodeRecord } from '../../src/log/record.js';
import { Cluster, type TestNode } from '../fakes/cluster.js';

let cluster: Cluster;
let node: TestNode;

beforeEach(async () => {
  cluster = new Cluster();
  node = await cluster.start('a');
  node.said.length = 0;
});

/** Another node claims the shard. */
function claimedByOther(epoch = 2): void {
  cluster.logs.get(0)!.records.push(encodeRecord({ kind: 'claim', epoch, nonce: 'other', owner: 'b/1' }));
}

describe('L6: the gate', () => {
  test('nothing leaves before the record is accepted; then first the reply, then the outputs, in the order of turns', async () => {
    node.journal.next('held');
    const first = node.tell('x', { type: 'add', by: 1 });
    const second = node.tell('y', { type: 'add', by: 5 });
    await cluster.time.advance(500);
    expect([first.outcome, second.outcome, node.said]).toEqual(['pending', 'pending', []]);
    node.journal.held[0]!.answer();
    await cluster.time.settle();
    expect(node.said).toEqual(['reply x 1', 'out x added 1', 'reply y 5', 'out y added 5']);
  });

  test('a turn without events waits for a fence of its own', async () => {
    await node.ask('x', { type: 'add', by: 1 });
    const before = cluster.log().length;
    expect(await node.ask('x', { type: 'get' })).toMatchObject({ reply: { total: 1 } });
    expect(cluster.log().slice(before)).toMatchObject([{ kind: 'fence' }]);
  });

  test('an answer given while an append flies waits for the next one: that one was started before', async () => {
    await node.ask('x', { type: 'add', by: 1 });
    node.journal.next('held', 'held');
    const writing = node.tell('x', { type: 'add', by: 1 });
    await cluster.time.settle();
    const reading = node.tell('x', { type: 'get' });
    await cluster.time.settle();
    node.journal.held[0]!.answer();
    await cluster.time.settle();
    expect(writing.outcome).toMatchObject({ reply: { total: 2 } });
    expect(reading.outcome).toBe('pending');
    node.journal.held[1]!.answer();
    await cluster.time.settle();
    expect(reading.outcome).toMatchObject({ reply: { total: 2 } });
  });

  test('an owner that was replaced says nothing from its old state: neither what it had just decided nor what it knew', async () => {
    await node.ask('x', { type: 'add', by: 1 });
    node.said.length = 0;
    claimedByOther();
    const writing = node.tell('x', { type: 'add', by: 1 });
    const reading = node.tell('x', { type: 'get' });
    await cluster.time.settle();
    expect(writing.outcome).toEqual({ dropped: 'notOwner', hint: 'b' });
    expect(reading.outcome).toEqual({ dropped: 'notOwner', hint: 'b' });
    expect(node.said).toEqual(['lost 0 b']);
  });

  test('K6: fenced, it gives back what waits in mailboxes too, and says so once', async () => {
    node.journal.next('held');
    const flying = node.tell('x', { type: 'add', by: 1 });
    await cluster.time.settle();
    claimedByOther();
    node.journal.held[0]!.answer();
    const waiting = node.tell('x', { type: 'add', by: 1 });
    await cluster.time.settle();
    expect([flying.outcome, waiting.outcome]).toEqual([
      { dropped: 'notOwner', hint: 'b' },
      { dropped: 'notOwner', hint: 'b' },
    ]);
    expect(node.said).toEqual(['lost 0 b']);
    expect(node.region.ownedShards()).toEqual([]);
  });

  test('accepted and then fenced: what was accepted is said', async () => {
    node.journal.next('held');
    const flying = node.tell('x', { type: 'add', by: 1 });
    await cluster.time.settle();
    node.journal.held[0]!.land();
    claimedByOther();
    node.journal.held[0]!.fail();
    await cluster.time.settle();
    expect(flying.outcome).toMatchObject({ reply: { total: 1 } });
    expect(node.said).toEqual(['reply x 1', 'out x added 1', 'lost 0 b']);
  });

  test('halted: everything is given back with the name of the error', async () => {
    node.journal.next('refused');
    const asked = await node.ask('x', { type: 'add', by: 1 });
    expect(asked).toEqual({ dropped: 'halted', hint: 'JOURNAL_REFUSED' });
    expect(node.said).toEqual(['lost 0', 'halted 0 JOURNAL_REFUSED']);
    expect(await node.ask('x', { type: 'get' })).toEqual({ dropped: 'halted', hint: 'JOURNAL_REFUSED' });
  });

  test('a listener that throws holds up nobody else', async () => {
    node.region.tell({
      entityId: 'x',
      lane: 'rest',
      command: { type: 'add', by: 1 },
      replied: () => {
        throw new Error('deaf');
      },
      dropped: () => undefined,
    });
    expect(await node.ask('y', { type: 'add', by: 1 })).toMatchObject({ reply: { total: 1 } });
    expect(node.faults).toMatchObject([{ entityId: 'x', quarantined: false }]);
  });
});

describe('L4: group commit', () => {
  test('what gathers while an append flies goes out in one append', async () => {
    node.journal.next('held');
    node.tell('x', { type: 'add', by: 1 });
    await cluster.time.settle();
    const asked = Array.from({ length: 50 }, (_, i) => node.tell(`y${i}`, { type: 'add', by: 1 }));
    await cluster.time.settle();
    const before = node.journal.appends;
    node.journal.held[0]!.answer();
    await cluster.time.settle();
    expect(node.journal.appends).toBe(before + 1);
    expect(asked.every(({ outcome }) => typeof outcome === 'object' && 'reply' in outcome)).toBe(true);
  });

  test('a full batch stops the turns until it is taken: at most batchRecordsMax records an append', async () => {
    cluster = new Cluster({ limits: { batchRecordsMax: 4 } });
    node = await cluster.start('a');
    const sizes: number[] = [];
    node.journal.fate = (_shard, records) => {
      sizes.push(records.length);
      return undefined;
    };
    const asked = Array.from({ length: 10 }, (_, i) => node.tell(`y${i}`, { type: 'add', by: 1 }));
    await cluster.time.settle();
    expect(sizes).toEqual([4, 4, 2]);
    expect(asked.every(({ outcome }) => typeof outcome === 'object' && 'reply' in outcome)).toBe(true);
  });

  test('a batch stays below batchBytesMax', async () => {
    cluster = new Cluster({ limits: { batchBytesMax: 4_000, turnBytesMax: 2_000 } });
    node = await cluster.start('a');
    const sizes: number[] = [];
    node.journal.fate = (_shard, records) => {
      sizes.push(records.reduce((sum, { byteLength }) => sum + byteLength, 0));
      return undefined;
    };
    for (let i = 0; i < 9; i++) node.tell('x', { type: 'fill', bytes: 1_500 });
    await cluster.time.settle();
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4_000);
    expect(sizes.length).toBeGreaterThan(1);
  });

  test('a full mailbox refuses, and says so', async () => {
    cluster = new Cluster({ limits: { mailboxMax: 3 } });
    node = await cluster.start('a');
    const asked = Array.from({ length: 5 }, () => node.tell('x', { type: 'add', by: 1 }));
    await cluster.time.settle();
    expect(asked.map(({ outcome }) => (typeof outcome === 'object' && 'dropped' in outcome ? outcome.dropped : 'ok'))).toEqual(['ok', 'ok', 'ok', 'mailboxFull', 'mailboxFull']);
    expect(node.region.stats().mailboxed).toBe(0);
  });

  test('a disk without room: new entities are refused, the others wait until there is some', async () => {
    await node.ask('x', { type: 'add', by: 1 });
    node.journal.fate = () => 'full';
    const waiting = node.tell('x', { type: 'add', by: 1 });
    await cluster.time.advance(500);
    expect(waiting.outcome).toBe('pending');
    expect(await node.ask('new', { type: 'add', by: 1 })).toEqual({ dropped: 'storageFull', hint: '' });
    node.journal.fate = () => undefined;
    await cluster.time.advance(2_000);
    expect(waiting.outcome).toMatchObject({ reply: { total: 2 } });
    expect(await node.ask('new', { type: 'add', by: 1 })).toMatchObject({ reply: { total: 1 } });
  });
});

describe('L7: the look', () => {
  test('an idle owner that was replaced learns it within a second, with one request for all its shards', async () => {
    cluster = new Cluster({ shards: 8 });
    node = await cluster.start('a');
    const looks = node.journal.looks;
    cluster.logs.get(3)!.records.push(encodeRecord({ kind: 'claim', epoch: 2, nonce: 'other', owner: 'b/1' }));
    await cluster.time.advance(1_000);
    expect(node.journal.looks - looks).toBe(1);
    expect(node.said.at(-1)).toBe('lost 3 b');
    expect(node.region.ownedShards()).toEqual([0, 1, 2, 4, 5, 6, 7]);
  });

  test('a stale record at the end is no reason to leave, and the next append is accepted', async () => {
    cluster.logs.get(0)!.records.push(encodeRecord({ kind: 'claim', epoch: 1, nonce: 'late', owner: 'z/1' }));
    await cluster.time.advance(2_000);
    expect(await node.ask('x', { type: 'add', by: 1 })).toMatchObject({ reply: { total: 1 } });
  });
});
