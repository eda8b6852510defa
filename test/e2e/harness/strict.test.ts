import { describe, expect, it } from '@jest/globals';
import { StrictReader, Violation } from './strict.js';

const welcome = (over: object = {}) =>
  JSON.stringify({
    t: 'welcome', re: 1,
    d: { sessionId: '7K3M9QRT', role: 'spectator', e: 'e1', s: 5, p: 0, serverTime: 1, resume: 'new', heartbeat: { everyMs: 1, deadMs: 2 }, limits: { frameBytes: 1, perSecond: 1 }, reconnect: { minMs: 1, maxMs: 2 }, ...over },
  });
const settings = {
  scoring: 'flat@1', streak: false, graceMs: 0, leadMs: 0, liveScores: 'reveal', reveal: 'auto', timing: { startMs: 0 }, lateJoin: true, locked: false, maxPlayers: 9, nicknames: 'free', shuffleOptions: false,
};
const snapshot = (s: number) => JSON.stringify({ t: 'snapshot', e: 'e1', s, p: 0, at: 1, d: { phase: 'lobby', paused: false, locked: false, quiz: { title: 'T', total: 1 }, players: { count: 0 }, settings } });
const locked = (over: object = {}) => JSON.stringify({ t: 'session.locked', e: 'e1', s: 6, at: 2, d: {}, ...over });
const ok = (re: number) => JSON.stringify({ t: 'ok', re, d: { t0: 1, t1: 2, t2: 3 } });

/** A reader to which these frames come after hello (1) and sync (2) were sent. */
function reads(...frames: readonly string[]): void {
  const reader = new StrictReader(null, null);
  reader.sent(1, 'hello');
  reader.sent(2, 'sync');
  for (const frame of frames) reader.read(frame);
}

describe('the strict reader', () => {
  it('takes what is right', () => {
    expect(() => reads(welcome(), snapshot(5), ok(2), locked(), locked({ s: 7 }))).not.toThrow();
  });

  it.each([
    ['a gap in s', [welcome(), snapshot(5), locked({ s: 7 })]],
    ['an s that comes twice', [welcome(), snapshot(5), locked(), locked()]],
    ['another history', [welcome(), snapshot(5), locked({ e: 'e2' })]],
    ['time that goes back', [welcome(), snapshot(5), locked(), locked({ s: 7, at: 1 })]],
    ['a welcome without its snapshot', [welcome(), locked()]],
    ['a snapshot at another position', [welcome(), snapshot(6)]],
    ['a delta that nobody asked for', [welcome({ resume: 'delta' })]],
    ['a message before the welcome', [locked()]],
    ['two replies', [welcome(), snapshot(5), ok(2), ok(2)]],
    ['a reply to nothing', [welcome(), snapshot(5), ok(3)]],
    ['an err without re when every frame had an id', [welcome(), snapshot(5), '{"t":"err","d":{"code":100,"name":"BAD_FRAME","retry":false,"msg":"x"}}']],
    ['an unknown type', [welcome(), snapshot(5), '{"t":"surprise","d":{}}']],
    ['an undocumented field', [welcome(), snapshot(5), locked({ d: { key: 'b' } })]],
    ['a field of the wrong type', [welcome(), snapshot(5), locked({ at: 'now' })]],
  ])('refuses %s', (_, frames) => {
    expect(() => reads(...frames)).toThrow(Violation);
  });
});
