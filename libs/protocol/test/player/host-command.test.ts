import { expect, test } from '@jest/globals';
import { hostCommandSchema, strictHostCommandSchema } from '../../src/player/host-command.js';

const orders = [
  { cmdId: '1', cmd: 'start' }, { cmdId: '1', cmd: 'next', ifSeq: 0 }, { cmdId: '1', cmd: 'close', args: {} }, { cmdId: '1', cmd: 'reveal' },
  { cmdId: '1', cmd: 'leaderboard' }, { cmdId: '1', cmd: 'pause' }, { cmdId: '1', cmd: 'pause', args: { reason: 'break' } }, { cmdId: '1', cmd: 'resume' },
  { cmdId: '1', cmd: 'extend', args: { ms: 1 } }, { cmdId: '1', cmd: 'extend', args: { ms: 240_000 } }, { cmdId: '1', cmd: 'skip' },
  { cmdId: '1', cmd: 'void', args: { qid: 'q1' } }, { cmdId: '1', cmd: 'lock' }, { cmdId: '1', cmd: 'unlock' }, { cmdId: '1', cmd: 'kick', args: { playerId: 'p' } },
  { cmdId: '1', cmd: 'ban', args: { playerId: 'p' } }, { cmdId: '1', cmd: 'end' },
];

test.each(orders)('%j is an order, by socket and by REST', (order) => {
  expect(hostCommandSchema.parse(order)).toEqual(order);
  expect(strictHostCommandSchema.parse(order)).toEqual(order);
});

test.each([{ cmdId: '1', cmd: 'start', extra: 1 }, { cmdId: '1', cmd: 'start', args: { extra: 1 } }, { cmdId: '1', cmd: 'kick', args: { playerId: 'p', extra: 1 } }])(
  '%j: the socket leaves the unknown field out, REST refuses it',
  (order) => {
    expect(JSON.stringify(hostCommandSchema.parse(order))).not.toContain('extra');
    expect(strictHostCommandSchema.safeParse(order).success).toBe(false);
  },
);
