import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { audit, type Report } from '../src/audit.js';

const answer = (playerId: string, qid = 'q1') => ({ playerId, qid, answerId: `${playerId}-${qid}`, value: ['a', 'b'], receivedAt: 17 });
const reported = (playerId: string, qid = 'q1') => ({ ...answer(playerId, qid), outcome: 'correct', points: 900 });
const players = [
  { playerId: 'p2', nickname: 'b', score: 5, rank: 2, correct: 1, sumE: 7 },
  { playerId: 'p1', nickname: 'a', score: 9, rank: 1, correct: 1, sumE: 3 },
];
const standingsHash = createHash('sha256').update('[[1,"p1",9,1,3],[2,"p2",5,1,7]]').digest('hex');
const report = (answers: Report['answers']): Report => ({ players, answers, standingsHash });

describe("the demo's audit", () => {
  it('is content when every acknowledged answer is there as it was acknowledged', () => {
    expect(audit([answer('p1'), answer('p2')], report([reported('p1'), reported('p2')]))).toEqual({
      acknowledged: 2, reported: 2, lost: 0, changed: 0, double: 0, hashHolds: true, ok: true,
    });
  });

  it('takes an answer that is in the report without an acknowledgement: the socket may have broken first', () => {
    expect(audit([], report([reported('p1')])).ok).toBe(true);
  });

  it.each([
    ['a lost answer', [answer('p1'), answer('p2')], [reported('p1')], { lost: 1 }],
    ['another choice', [answer('p1')], [{ ...reported('p1'), value: ['a'] }], { changed: 1 }],
    ['another arrival time', [answer('p1')], [{ ...reported('p1'), receivedAt: 18 }], { changed: 1 }],
    ['another answer id', [answer('p1')], [{ ...reported('p1'), answerId: 'x' }], { changed: 1 }],
    ['an answer counted twice', [answer('p1')], [reported('p1'), reported('p1')], { double: 1 }],
  ])('flags %s', (_, acknowledged, rows, found) => {
    expect(audit(acknowledged, report(rows))).toMatchObject({ ...found, ok: false });
  });

  it('flags standings that do not have the hash they claim', () => {
    const changed = players.map((player) => ({ ...player, score: player.score + 1 }));
    expect(audit([], { players: changed, answers: [], standingsHash })).toMatchObject({ hashHolds: false, ok: false });
  });
});
