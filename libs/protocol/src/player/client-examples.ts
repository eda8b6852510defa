/** One frame per command, and the `ok` to it, as they look on the wire: a short session with one question. Tests hold them to the schemas; documents show them. */
import type { ClientType } from './client-messages.js';

export const clientExamples: { readonly [T in ClientType]: object } = {
  hello: { t: 'hello', id: 1, d: { role: 'player', nickname: 'Ada', joinId: 'j-3f9c2a', client: { name: 'example', version: '1.0' } } },
  'answer.submit': { t: 'answer.submit', id: 3, d: { answerId: 'a-1', qid: 'q1', value: 'b' } },
  'nickname.set': { t: 'nickname.set', id: 2, d: { nickname: 'Ada L.' } },
  sync: { t: 'sync', id: 4, d: { t0: 81234.5 } },
  resync: { t: 'resync', id: 5, d: {} },
  leave: { t: 'leave', id: 6 },
  'host.cmd': { t: 'host.cmd', id: 2, d: { cmdId: 'c-7', cmd: 'extend', ifSeq: 3, args: { ms: 10000 } } },
};

export const okExamples: { readonly [T in Exclude<ClientType, 'hello'>]: object } = {
  'answer.submit': { t: 'ok', re: 3, d: { answerId: 'a-1', receivedAt: 1733000012146, receipt: { shard: 201, epoch: 3, n: 1187 } } },
  'nickname.set': { t: 'ok', re: 2, d: { nickname: 'Ada L.' } },
  sync: { t: 'ok', re: 4, d: { t0: 81234.5, t1: 1733000011003, t2: 1733000011004 } },
  resync: { t: 'ok', re: 5, d: {} },
  leave: { t: 'ok', re: 6, d: {} },
  'host.cmd': { t: 'ok', re: 2, d: { phase: 'open', e: 'h8Xk2Qm4', s: 4 } },
};
