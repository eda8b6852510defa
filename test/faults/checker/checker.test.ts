/** The checker is itself checked: a correct run passes, and each way of spoiling it is found, under the promise that it breaks. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Frame, HistoryEvent } from '../history.js';
import { check, type FullVerdict } from './check.js';
import type { RawEvent } from '../../checker/turn.js';
import { BASE, OUTAGE, rawOf, SALTS, sceneOf, SID, type Scene } from './scene.js';

let scene: Scene;

beforeEach(() => {
  scene = sceneOf();
});

const judge = (): Promise<FullVerdict> => check({ shards: 1, journal: rawOf(scene), history: scene.history, faults: scene.faults });

async function broken(): Promise<string[]> {
  const { violations } = await judge();
  return [...new Set(violations.map(({ invariant }) => invariant))].sort();
}

type Stored = Scene['records'][number];

function find(fits: (record: Stored['record']) => boolean): Stored {
  const found = scene.records.find(({ record }) => fits(record));
  if (found === undefined) throw new Error('the scene has no such record');
  return found;
}

const holds = (type: string, more: Readonly<Record<string, unknown>> = {}) => (record: Stored['record']): boolean =>
  (record.events ?? []).some((event) => event.type === type && Object.entries(more).every(([key, value]) => event[key] === value));

/** In the accepted log: the stale record of the scene has the same answer. */
const answerOf = (playerId: string, qid: string): Stored => find((record) => holds('answer.accepted', { playerId, qid })(record) && !(playerId === 'P3' && record['epoch'] === 1));

function spoilEvent(stored: Stored, change: Readonly<Record<string, unknown>>): void {
  const [event, ...others] = stored.record.events ?? [];
  stored.record = { ...stored.record, events: [{ ...event, ...change } as RawEvent, ...others] };
}

/** Removes a record, or puts one in before it, and numbers the rest anew: what is left is a log that is dense. */
function splice(at: Stored, ...instead: Stored[]): void {
  const dense = new Map<number, number>();
  scene.records.splice(scene.records.indexOf(at), 1, ...instead);
  let n = 0;
  for (const each of scene.records) {
    const old = each.record['n'] as number | undefined;
    if (old === undefined || (each.record['epoch'] === 1 && each.seen > 3_900)) continue;
    if (!instead.includes(each) && dense.has(old)) n = dense.get(old) ?? n;
    else n++;
    dense.set(old, n);
    each.record = { ...each.record, n };
  }
  offsets();
}

function offsets(): void {
  scene.records.forEach((each, offset) => (each.offset = offset));
}

type Heard = Extract<HistoryEvent, { k: 'heard' }>;

function spoilFrame(fits: (frame: Frame, event: Heard) => boolean, change: (frame: Frame) => object): void {
  for (const [index, event] of scene.history.entries()) {
    if (event.k !== 'heard') continue;
    const frame = JSON.parse(event.text) as Frame;
    if (!fits(frame, event)) continue;
    scene.history[index] = { ...event, text: JSON.stringify(change(frame)) };
    return;
  }
  throw new Error('the scene has no such frame');
}

const ackOf = (answerId: string) => (frame: Frame): boolean => frame.t === 'ok' && frame.d.answerId === answerId;
const heardBy = (c: string, t: string) => (frame: Frame, event: Heard): boolean => event.c === c && frame.t === t;

describe('a run in which nothing is wrong', () => {
  test('passes, and everything in it was looked at', async () => {
    const { violations, counts, remainingCompared, failovers } = await judge();
    expect(violations).toEqual([]);
    expect(counts).toMatchObject({ sessions: 1, finished: 1, clients: 4, acknowledged: 5, repeated: 1, refusedLate: 1, lost: 0, changed: 0, double: 0, zombie: 0, stale: 1, duplicate: 1, claims: 2 });
    expect(remainingCompared).toBe(1);
    expect(failovers).toEqual([{ shard: 0, node: 'node-0', claimMs: 1_400, answerMs: 1_515 }]);
  });

  test('an answer that was refused behind a frame from after the close is proved late', async () => {
    for (const event of scene.history) {
      if (event.k === 'sent' && event.d['answerId'] === 'P3-q2') Object.assign(event, { x: 14_900 });
    }
    const { violations, counts } = await judge();
    expect(violations).toEqual([]);
    expect(counts.provedLate).toBe(1);
  });
});

describe('the log', () => {
  test('I1: an acknowledged answer is not in it', async () => {
    splice(answerOf('P2', 'q1'));
    expect(await broken()).toEqual(expect.arrayContaining(['I1', 'ZOMBIE']));
    expect((await judge()).counts.lost).toBe(1);
  });

  test('I1: another choice counts', async () => {
    spoilEvent(answerOf('P1', 'q1'), { value: 'c' });
    expect(await broken()).toContain('I1');
    expect((await judge()).counts.changed).toBeGreaterThan(0);
  });

  test('I1: another arrival counts', async () => {
    spoilEvent(answerOf('P1', 'q2'), { recvAt: BASE + 9_701 });
    expect(await broken()).toContain('I1');
  });

  test('I1: a session that the host was told of is not there', async () => {
    scene.records = [];
    expect(await broken()).toEqual(['I1']);
  });

  test('I2: a second answer of one player counts', async () => {
    const first = answerOf('P1', 'q1');
    const again: Stored = { ...first, record: { ...first.record, n: 99 } };
    spoilEvent(again, { answerId: 'P1-q1-again' });
    splice(first, first, again);
    expect(await broken()).toContain('I2');
    expect((await judge()).counts.double).toBe(1);
  });

  test('I3: a record is missing', async () => {
    scene.records = scene.records.filter((each) => each !== answerOf('P2', 'q1'));
    offsets();
    expect(await broken()).toContain('I3');
  });

  test('I3: an offset is missing', async () => {
    for (const each of scene.records) if (each.offset > 6) each.offset++;
    expect(await broken()).toEqual(['I3']);
  });

  test('I3: a record landed twice, with other bytes', async () => {
    const twice = scene.records.filter(({ record }) => holds('answer.accepted', { playerId: 'P3', qid: 'q1' })(record)).at(-1) as Stored;
    spoilEvent(twice, { value: 'b' });
    expect(await broken()).toEqual(['I3']);
  });

  test('I3: a record of an epoch that nobody has claimed', async () => {
    scene.records = scene.records.filter(({ record }) => record['owner'] !== 'node-1/b2');
    offsets();
    expect(await broken()).toContain('I3');
  });

  test('I3: an owner writes before its claim', async () => {
    const claim = find(({ owner }) => owner === 'node-1/b2' );
    scene.records = scene.records.filter((each) => each !== claim);
    scene.records.splice(scene.records.findIndex(({ record }) => holds('question.extended')(record)) + 1, 0, claim);
    offsets();
    expect(await broken()).toContain('I3');
  });

  test('I3: session time falls', async () => {
    const stored = answerOf('P2', 'q2');
    stored.record = { ...stored.record, at: BASE };
    expect(await broken()).toEqual(['I3']);
  });

  test('I4: what was acknowledged before stands behind', async () => {
    const [first, second] = [answerOf('P1', 'q2'), answerOf('P2', 'q2')];
    [first.record, second.record] = [{ ...second.record, n: first.record['n'], at: first.record['at'] }, { ...first.record, n: second.record['n'], at: second.record['at'] }];
    spoilFrame(ackOf('P1-q2'), (frame) => ({ ...frame, d: { ...frame.d, receipt: { shard: 0, epoch: 2, n: 17 } } }));
    spoilFrame(ackOf('P2-q2'), (frame) => ({ ...frame, d: { ...frame.d, receipt: { shard: 0, epoch: 2, n: 16 } } }));
    expect(await broken()).toEqual(['I4']);
  });

  test('I5: an answer counts after the close', async () => {
    const answer = answerOf('P2', 'q1');
    const closed = find(holds('question.closed', { qid: 'q1' }));
    const later: Stored = { ...answer, record: { ...answer.record, epoch: 2, n: 98, at: closed.record['at'] } };
    splice(answer);
    splice(closed, closed, later);
    expect(await broken()).toContain('I5');
  });

  test('I5: an answer counts that arrived too late, and one that arrived too early', async () => {
    spoilEvent(answerOf('P2', 'q2'), { recvAt: BASE + 14_501 });
    spoilEvent(answerOf('P1', 'q2'), { recvAt: BASE + 8_999 });
    expect((await judge()).violations.filter(({ invariant }) => invariant === 'I5')).toHaveLength(2);
  });

  test('I5: somebody counts who was not in when the question was opened', async () => {
    const [joined, opened] = [find(holds('player.joined', { playerId: 'P3' })), find(holds('question.opened', { qid: 'q1' }))];
    const { events } = joined.record;
    joined.record = { ...joined.record, events: [] };
    opened.record = { ...opened.record, events: [...(opened.record.events ?? []), ...(events ?? [])] };
    expect(await broken()).toContain('I5');
  });

  test('I5: a failover takes time from the players', async () => {
    spoilEvent(find(holds('question.extended')), { closesAt: BASE + 7_000 });
    expect(await broken()).toContain('I5');
  });

  test('I9: a checksum does not fit, and a text is no record', async () => {
    find(holds('session.finished')).crc = false;
    expect(await broken()).toContain('I9');
    scene = sceneOf();
    find(({ kind }) => kind === 'fence').record = { f: 1, kind: 'nothing', epoch: 1 };
    expect(await broken()).toContain('I9');
  });
});

describe('what clients were told', () => {
  test('ZOMBIE: an acknowledgement with a receipt that names nothing', async () => {
    spoilFrame(ackOf('P2-q2'), (frame) => ({ ...frame, d: { ...frame.d, receipt: { shard: 0, epoch: 2, n: 40 } } }));
    expect(await broken()).toEqual(['ZOMBIE']);
    expect((await judge()).counts.zombie).toBe(1);
  });

  test('ZOMBIE: an acknowledgement by the replaced owner, of a record that is stale', async () => {
    spoilFrame(ackOf('P3-q1'), (frame) => ({ ...frame, d: { ...frame.d, receipt: { shard: 0, epoch: 1, n: 11 } } }));
    expect(await broken()).toContain('ZOMBIE');
  });

  test('ZOMBIE: a welcome to a player of whom the log does not know', async () => {
    spoilFrame(heardBy('P3', 'welcome'), (frame) => ({ ...frame, d: { ...frame.d, playerId: 'P9' } }));
    expect(await broken()).toContain('ZOMBIE');
  });

  test('I2: the answer that was sent again gets another verdict', async () => {
    spoilFrame((frame) => frame.t === 'ok' && frame.d.dup === true, (frame) => ({ ...frame, d: { ...frame.d, receivedAt: BASE + 3_510 } }));
    expect(await broken()).toEqual(['I1', 'I2']);
  });

  test('I2: it is refused as late, and counts', async () => {
    spoilFrame((frame) => frame.t === 'ok' && frame.d.dup === true, ({ re }) => ({ t: 'err', re, d: { code: 301 } }));
    expect(await broken()).toContain('I2');
  });

  test('I2: refused first, acknowledged later', async () => {
    spoilFrame(ackOf('P1-q1'), ({ re }) => ({ t: 'err', re, d: { code: 302, answered: {} } }));
    expect(await broken()).toContain('I2');
  });

  test('I2: two answers of one player to one question are acknowledged', async () => {
    spoilFrame((frame) => frame.d.code === 302, ({ re }) => ({ t: 'ok', re, d: { answerId: 'P2-q1-other', receivedAt: BASE + 2_200, receipt: { shard: 0, epoch: 1, n: 10 } } }));
    expect(await broken()).toContain('I2');
    expect((await judge()).counts.double).toBe(1);
  });

  test('I2: 302 names an answer that does not count', async () => {
    spoilFrame((frame) => frame.d.code === 302, (frame) => ({ ...frame, d: { ...frame.d, answered: { ...frame.d.answered, value: 'a' } } }));
    expect(await broken()).toEqual(['I2']);
  });

  test('I5: an answer is refused as late, though a frame that was sent after it was in time', async () => {
    for (const event of scene.history) if (event.k === 'sent' && event.d['answerId'] === 'P3-q2') Object.assign(event, { x: 13_000 });
    expect(await broken()).toEqual(['I5']);
  });

  test('I5: … but not when its router was cut off from the owner for longer than a close waits', async () => {
    for (const event of scene.history) {
      if (event.k === 'sent' && event.d['answerId'] === 'P3-q2') Object.assign(event, { x: 13_000 });
      // What came through that router in the last two seconds before the close came after it.
      if (event.k === 'heard' && event.c !== 'P2' && event.x > 12_500 && event.x < 14_600) Object.assign(event, { x: 14_650 });
    }
    const { violations, counts } = await judge();
    expect(violations).toEqual([]);
    expect(counts.cutOff).toBe(1);
  });

  test('I6: the salt before the reveal', async () => {
    spoilFrame((frame, event) => event.c === 'P1' && frame.t === 'question.preview' && frame.d.qid === 'q2', (frame) => ({ ...frame, d: { ...frame.d, salt: SALTS[1] } }));
    expect(await broken()).toContain('I6');
  });

  test('I6: a reveal that the log does not have', async () => {
    const stored = find(holds('question.closed', { qid: 'q2' }));
    stored.record = { ...stored.record, events: (stored.record.events ?? []).slice(0, 1) };
    expect(await broken()).toContain('I6');
  });

  test('I7: another hash, another rank, another score', async () => {
    for (const change of [{ standingsHash: 'f'.repeat(64) }, { podium: [{ rank: 2, playerId: 'P1', score: 2_000 }] }, { podium: [{ rank: 1, playerId: 'P1', score: 1_999 }] }]) {
      scene = sceneOf();
      for (const c of ['P1', 'P2', 'P3', 'w']) spoilFrame(heardBy(c, 'session.finished'), (frame) => ({ ...frame, d: { ...frame.d, ...change } }));
      expect(await broken()).toEqual(['I7']);
    }
  });

  test('I7: another rank or score after a question', async () => {
    spoilFrame(heardBy('P2', 'me.result'), (frame) => ({ ...frame, d: { ...frame.d, rank: 2 } }));
    expect(await broken()).toEqual(['I7']);
    scene = sceneOf();
    for (const c of ['P1', 'P2', 'P3', 'w']) spoilFrame(heardBy(c, 'leaderboard'), (frame) => ({ ...frame, d: { ...frame.d, top: [{ playerId: 'P1', rank: 1, score: 999 }] } }));
    expect(await broken()).toEqual(['I7']);
  });

  test('I7: a snapshot after the end shows another score of oneself', async () => {
    spoilFrame(heardBy('P3', 'session.finished'), (frame) => ({ ...frame, t: 'snapshot', p: 2, d: { phase: 'finished', me: { score: 1_000, rank: 2 }, top: [] } }));
    expect(await broken()).toEqual(['I7']);
  });

  test('I7: an end that the log does not have', async () => {
    const stored = find(holds('session.finished'));
    stored.record = { ...stored.record, events: [] };
    expect(await broken()).toEqual(['I7']);
  });

  test('I8: s or p goes back, comes twice, or leaves one out', async () => {
    for (const by of [-1, 1, -2]) {
      scene = sceneOf();
      spoilFrame(heardBy('P2', 'question.closed'), (frame) => ({ ...frame, s: (frame.s ?? 0) + by }));
      expect(await broken()).toContain('I8');
    }
    scene = sceneOf();
    spoilFrame(heardBy('P2', 'me.result'), (frame) => ({ ...frame, p: 2 }));
    expect(await broken()).toContain('I8');
  });

  test('I8: one number means different things to two clients', async () => {
    spoilFrame(heardBy('P2', 'question.opened'), (frame) => ({ ...frame, d: { ...frame.d, closesAt: BASE } }));
    expect(await broken()).toEqual(['I8']);
  });

  test('I8: another history, and a welcome behind what was heard', async () => {
    spoilFrame(heardBy('P2', 'question.opened'), (frame) => ({ ...frame, e: 'e2' }));
    expect(await broken()).toContain('I8');
    scene = sceneOf();
    spoilFrame((frame, event) => event.c === 'P1' && frame.t === 'welcome' && frame.d.resume === 'delta', (frame) => ({ ...frame, d: { ...frame.d, s: 2 } }));
    expect(await broken()).toContain('I8');
  });

  test('REPLY: two replies to one command, and replies in the wrong order', async () => {
    spoilFrame((frame) => frame.d.code === 302, (frame) => ({ ...frame, re: 2 }));
    expect(await broken()).toContain('REPLY');
    scene = sceneOf();
    spoilFrame(ackOf('P2-q2'), (frame) => ({ ...frame, re: 1 }));
    expect(await broken()).toContain('REPLY');
  });

  test('K5: the last connection of a player is superseded', async () => {
    for (const event of scene.history) if (event.k === 'closed' && event.c === 'P2') Object.assign(event, { code: 4510, own: false });
    expect(await broken()).toEqual(['K5']);
  });

  test('LIVE: somebody never heard the end', async () => {
    scene.history.push({ k: 'stuck', x: 99_000, sid: SID, c: 'host', about: 'P2' });
    expect(await broken()).toEqual(['LIVE']);
  });

  test('what was trimmed before it could be copied is no gap, and an answer in it would be missed', async () => {
    const fence = find(({ kind }) => kind === 'fence');
    const raw = rawOf(scene);
    const gone = { shard: 0, offset: fence.offset + 1, seen: 0, crc: true, text: '', gone: true } as const;
    const without = await check({ shards: 1, journal: raw.flatMap((record) => (record.offset === fence.offset ? [gone] : [record])), history: scene.history, faults: [] });
    expect(without.violations).toEqual([]);
    const answer = answerOf('P2', 'q1');
    const missed = await check({ shards: 1, journal: raw.flatMap((record) => (record.offset === answer.offset ? [{ ...gone, offset: answer.offset + 1 }] : [record])), history: scene.history, faults: [] });
    expect(missed.counts.lost).toBe(1);
  });

  test('a claim that was trimmed before it could be copied is known by its records, also behind a stale one', async () => {
    const claim = find(({ owner }) => owner === 'node-1/b2');
    const gone = { shard: 0, offset: claim.offset + 1, seen: 0, crc: true, text: '', gone: true } as const;
    const { violations, counts } = await check({ shards: 1, journal: rawOf(scene).flatMap((record) => (record.offset === claim.offset ? [gone] : [record])), history: scene.history, faults: [] });
    expect(violations).toEqual([]);
    expect(counts).toMatchObject({ acknowledged: 5, lost: 0, double: 0, zombie: 0 });
  });

  test('an outage is only held against an owner that was down until it was replaced', async () => {
    spoilEvent(find(holds('question.extended')), { closesAt: BASE + 7_000 });
    scene.faults = [{ from: OUTAGE.from, to: OUTAGE.from + 100, kind: 'stop node', about: 'node-0', down: 'node-0' }];
    const { remainingCompared } = await judge();
    expect(remainingCompared).toBe(0);
  });
});
