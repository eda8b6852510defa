import { describe, expect, test } from '@jest/globals';
import { encodeRecord, type LogRecord } from '../../src/log/record.js';
import { Cluster } from '../fakes/cluster.js';

const claims = (cluster: Cluster): unknown[] => cluster.log().filter(({ kind }) => kind === 'claim').map(({ epoch, owner }) => `${String(epoch)} ${String(owner)}`);

async function put(cluster: Cluster, ...records: LogRecord[]): Promise<void> {
  const log = cluster.logs.get(0) ?? { start: 0, records: [] };
  cluster.logs.set(0, log);
  log.records.push(...records.map(encodeRecord));
}

describe('L3: the claim', () => {
  test('its response is lost: it is found by reading, and not written again', async () => {
    const cluster = new Cluster();
    const node = await cluster.start('a');
    cluster.kill('a');
    expect(node.said).toEqual(['owned 0@1']);
    const next = cluster.start('a');
    cluster.nodes.get('a')!.journal.next('unheard');
    await next;
    await cluster.time.advance(1_000);
    expect(claims(cluster)).toEqual(['1 a/boot1', '2 a/boot2']);
    expect(cluster.nodes.get('a')!.said).toEqual(['owned 0@2']);
  });

  test('it is lost: the same bytes again', async () => {
    const cluster = new Cluster();
    const starting = cluster.start('a');
    cluster.nodes.get('a')!.journal.next('lost', 'lost');
    await starting;
    await cluster.time.advance(1_000);
    expect(claims(cluster)).toEqual(['1 a/boot1']);
  });

  test('it lands twice: the second one is stale', async () => {
    const cluster = new Cluster();
    const starting = cluster.start('a');
    cluster.nodes.get('a')!.journal.next('doubled');
    await starting;
    const node = cluster.nodes.get('a')!;
    expect(await node.ask('x', { type: 'add', by: 1 })).toMatchObject({ reply: { total: 1 } });
    await cluster.time.advance(3_000);
    expect(node.said).toEqual(['owned 0@1', 'reply x 1', 'out x added 1']);
  });

  test('of two candidates for one epoch, the one whose nonce is accepted owns the shard', async () => {
    const cluster = new Cluster();
    const startingA = cluster.start('a');
    const a = cluster.nodes.get('a')!;
    a.journal.next('held');
    await startingA;
    await put(cluster, { kind: 'claim', epoch: 1, nonce: 'other', owner: 'b/boot2' });
    a.journal.held[0]!.answer();
    await cluster.time.settle();
    expect(a.said).toEqual([]);
    expect(a.region.ownership(0)).toEqual({ kind: 'other', hint: 'b' });
  });

  test('what is told meanwhile is held, and executed by whoever wins', async () => {
    const cluster = new Cluster();
    const starting = cluster.start('a');
    const node = cluster.nodes.get('a')!;
    node.journal.next('held');
    await starting;
    const asked = node.tell('x', { type: 'add', by: 1 });
    await cluster.time.settle();
    expect(asked.outcome).toBe('pending');
    expect(node.region.ownership(0)).toEqual({ kind: 'claiming' });
    node.journal.held[0]!.answer();
    await cluster.time.settle();
    expect(asked.outcome).toMatchObject({ reply: { total: 1 } });
  });

  test('what is told meanwhile goes back with a hint when another wins', async () => {
    const cluster = new Cluster();
    const starting = cluster.start('a');
    const node = cluster.nodes.get('a')!;
    node.journal.next('held');
    await starting;
    const asked = node.tell('x', { type: 'add', by: 1 });
    await put(cluster, { kind: 'claim', epoch: 1, nonce: 'other', owner: 'b/7' });
    node.journal.held[0]!.answer();
    await cluster.time.settle();
    expect(asked.outcome).toEqual({ dropped: 'notOwner', hint: 'b' });
  });

  test('events between its reading and its claim are part of what it recovers', async () => {
    const cluster = new Cluster();
    await put(cluster, { kind: 'claim', epoch: 1, nonce: 'z', owner: 'a/0' });
    const starting = cluster.start('a');
    const node = cluster.nodes.get('a')!;
    node.journal.next('held');
    await starting;
    await put(cluster, { kind: 'turn', epoch: 1, n: 1, at: 5, entityId: 'x', v: 1, events: [{ type: 'added', by: 40 }] });
    node.journal.held[0]!.answer();
    await cluster.time.advance(3_000);
    expect(await node.ask('x', { type: 'add', by: 2 })).toMatchObject({ reply: { total: 42, n: 3 } });
  });

  test('a log whose beginning is gone and was never covered halts by name', async () => {
    const cluster = new Cluster();
    cluster.logs.set(0, { start: 5, records: [] });
    const node = await cluster.start('a');
    expect(node.region.ownership(0)).toMatchObject({ kind: 'halted', code: 'JOURNAL_GAP' });
    expect(await node.ask('x', { type: 'get' })).toEqual({ dropped: 'halted', hint: 'JOURNAL_GAP' });
  });

  test('events of a version that is not known halt by name', async () => {
    const cluster = new Cluster();
    await put(cluster, { kind: 'claim', epoch: 1, nonce: 'z', owner: 'a/0' }, { kind: 'turn', epoch: 1, n: 1, at: 5, entityId: 'x', v: 9, events: [{}] });
    const node = await cluster.start('a');
    expect(node.said).toEqual(['halted 0 UNKNOWN_EVENT']);
  });
});
