/** One frame per server message, as it looks on the wire: a short session with one question. Tests hold them to the schemas; documents show them. */
import type { ServerType } from './server-messages.js';

const e = 'h8Xk2Qm4';
const opensAt = 1733000010400;
const salt = 'e0fcab987236cb02bba4919f9ea8280d163a58209cd8960a5204d152dbdf4e2d';
const commit = 'eb388fadd66773790d329d2a76771b27c3fee5b930559ef5ea2cb37c3cfe8ed9';
const asked = { qid: 'q1', n: 1, of: 2, type: 'single', text: '2 + 2?', points: 1000 };
const opened = { ...asked, options: [{ id: 'a', text: '3' }, { id: 'b', text: '4' }], limitMs: 20000, opensAt, closesAt: opensAt + 20000 };
const top = [
  { rank: 1, playerId: 'p7Qm2', nickname: 'Ada', score: 957, delta: 0 },
  { rank: 2, playerId: 'pX3nd', nickname: 'Bob', score: 0, delta: 0 },
];
const settings = {
  scoring: 'halfDecay@1', streak: false, graceMs: 500, leadMs: 400, liveScores: 'reveal', reveal: 'auto', timing: { startMs: 3000 }, lateJoin: true, locked: false,
  maxPlayers: 10000, nicknames: 'free', shuffleOptions: false,
};

export const serverExamples: { readonly [T in ServerType]: object } = {
  ok: { t: 'ok', re: 5, d: {} },
  err: { t: 'err', re: 3, d: { code: 300, name: 'QUESTION_NOT_OPEN', retry: true, msg: 'question is not open yet', retryAfterMs: 180 } },
  welcome: {
    t: 'welcome',
    re: 1,
    d: {
      sessionId: '7K3M9QRT',
      playerId: 'p7Qm2',
      nickname: 'Ada',
      role: 'player',
      e,
      s: 0,
      p: 0,
      serverTime: 1733000000123,
      resume: 'new',
      resumeToken: 'p7Qm2.q0b7mE8cJk5s1VtY2ZrXw9uD4fGhLnPa3iSoTzBvKyA',
      heartbeat: { everyMs: 15000, deadMs: 35000 },
      limits: { frameBytes: 4096, perSecond: 5 },
      reconnect: { minMs: 500, maxMs: 15000 },
    },
  },
  snapshot: {
    t: 'snapshot',
    e,
    s: 3,
    p: 0,
    at: 1733000012500,
    d: {
      phase: 'open',
      paused: false,
      locked: false,
      quiz: { title: 'Two', total: 2 },
      question: opened,
      me: { nickname: 'Ada', score: 0, rank: null, of: 2, streak: 0, answered: { qid: 'q1', answerId: 'a-1', value: 'b', receivedAt: 1733000012146 } },
      players: { count: 2 },
      settings,
    },
  },

  'lobby.updated': { t: 'lobby.updated', at: 1733000001250, d: { count: 2, joined: ['Bob'], locked: false } },
  'session.started': { t: 'session.started', e, s: 1, at: 1733000003000, d: {} },
  'session.paused': { t: 'session.paused', e, s: 4, at: 1733000013000, d: { reason: 'host' } },
  'session.resumed': { t: 'session.resumed', e, s: 5, at: 1733000018000, d: { qid: 'q1', opensAt, closesAt: opensAt + 25000 } },
  'session.locked': { t: 'session.locked', e, s: 1, at: 1733000002000, d: {} },
  'session.unlocked': { t: 'session.unlocked', e, s: 2, at: 1733000002500, d: {} },
  'session.stalled': { t: 'session.stalled', at: 1733000014000, d: { reason: 'journal' } },
  'session.unstalled': { t: 'session.unstalled', at: 1733000016500, d: {} },

  'question.preview': { t: 'question.preview', e, s: 2, at: 1733000006000, d: { ...asked, readMs: 4000, commit } },
  'question.opened': { t: 'question.opened', e, s: 3, at: 1733000010000, d: opened },
  'question.extended': { t: 'question.extended', e, s: 4, at: 1733000015000, d: { qid: 'q1', closesAt: opensAt + 30000, byMs: 10000, reason: 'host' } },
  'question.progress': { t: 'question.progress', at: 1733000013000, d: { qid: 'q1', answered: 1, eligible: 2 } },
  'question.closed': { t: 'question.closed', e, s: 4, at: 1733000017300, d: { qid: 'q1', reason: 'all', answered: 2, eligible: 2 } },
  'question.revealed': {
    t: 'question.revealed',
    e,
    s: 5,
    at: 1733000017300,
    d: { qid: 'q1', key: 'b', salt, explanation: 'Two pairs.', stats: { byOption: { a: 1, b: 1 }, correct: 1, unanswered: 0, medianMs: 1734 } },
  },
  'question.voided': { t: 'question.voided', e, s: 7, at: 1733000020000, d: { qid: 'q1', reason: 'host' } },

  'me.result': {
    t: 'me.result',
    e,
    p: 1,
    at: 1733000017300,
    d: {
      qid: 'q1',
      revision: 1,
      outcome: 'correct',
      fraction: [1, 1],
      elapsedMs: 1734,
      creditMs: 12,
      points: { speed: 957, streak: 0, total: 957 },
      score: 957,
      rank: 1,
      prevRank: null,
      of: 2,
    },
  },
  leaderboard: { t: 'leaderboard', e, s: 6, at: 1733000017300, d: { revision: 1, of: 2, top } },
  'scores.revised': { t: 'scores.revised', e, s: 7, at: 1733000030000, d: { revision: 2, reason: 'key corrected', qid: 'q1', key: 'a' } },
  'session.finished': {
    t: 'session.finished',
    e,
    s: 7,
    at: 1733000040000,
    d: { podium: top, of: 2, revision: 2, standingsHash: 'b6159d61fb4898fdc7a7447078fbca6a1fd7b537a1e0dfb749e5410bbdf5d80c' },
  },
  'session.cancelled': { t: 'session.cancelled', e, s: 1, at: 1733086400000, d: { reason: 'nobody came' } },
  'me.kicked': { t: 'me.kicked', e, p: 2, at: 1733000021000, d: {} },
  'me.banned': { t: 'me.banned', e, p: 2, at: 1733000021000, d: {} },

  reconnect: { t: 'reconnect', d: { reason: 'drain', minMs: 0, maxMs: 5000 } },
  hb: { t: 'hb', d: { at: 1733000035000 } },
};
