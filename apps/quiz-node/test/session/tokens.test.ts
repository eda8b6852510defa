import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { decodeBind, encodeBind, isNewer } from '../../src/session/bind-blob.js';
import { isTokenOf, playerOfToken, resumeToken } from '../../src/session/tokens.js';

const secret = 'ab'.repeat(32);

test('a resume token names its player, in this session only', () => {
  const token = resumeToken(secret, 'p1');
  expect(token).toBe(resumeToken(secret, 'p1'));
  expect(playerOfToken(secret, token)).toBe('p1');
  expect(playerOfToken('cd'.repeat(32), token)).toBeUndefined();
});

test.each(['', '.', 'p1', 'p1.', '.abc', `p2${resumeToken(secret, 'p1').slice(2)}`, `${resumeToken(secret, 'p1')}x`, 'p'.repeat(300)])('no token: %p', (token) => {
  expect(playerOfToken(secret, token)).toBeUndefined();
});

test('a host token is known by its hash alone', () => {
  const sha256 = createHash('sha256').update('host-token').digest('hex');
  expect(isTokenOf(sha256, 'host-token')).toBe(true);
  expect([undefined, '', 'host-tokeN', sha256].map((token) => isTokenOf(sha256, token))).toEqual([false, false, false, false]);
});

test('a bind comes back as it was given', () => {
  const bind = { role: 'player', playerId: 'p1', e: 'e1', gen: { epoch: 3, count: 9, at: 5 } } as const;
  expect(decodeBind(encodeBind(bind))).toEqual(bind);
  const host = { role: 'host', e: 'e1', gen: { epoch: 1, count: 1, at: 0 } } as const;
  expect(decodeBind(encodeBind(host))).toEqual(host);
});

test.each(['', '{', '[]', '{"v":1,"role":"host","e":"e","gen":[1,1]}', '{"v":2,"role":"host","e":"e","gen":[1,1,0]}', '{"v":1,"role":"player","e":"e","gen":[1,1,0]}', '{"v":1,"role":"host","playerId":"p","e":"e","gen":[1,1,0]}'])('no bind: %p', (text) => {
  expect(decodeBind(Buffer.from(text))).toBeUndefined();
});

test('a later owner is newer, whatever it has counted', () => {
  expect(isNewer({ epoch: 2, count: 1, at: 0 }, { epoch: 1, count: 9, at: 0 })).toBe(true);
  expect(isNewer({ epoch: 1, count: 2, at: 0 }, { epoch: 1, count: 9, at: 0 })).toBe(false);
  expect(isNewer({ epoch: 1, count: 9, at: 0 }, { epoch: 1, count: 9, at: 0 })).toBe(false);
});

test('a hello that was said well before another is the older, whenever it was executed', () => {
  const kept = { epoch: 2, count: 5, at: 10_000 };
  const back = { epoch: 2, count: 4, at: 13_000 };
  expect(isNewer(kept, back)).toBe(false);
  expect(isNewer(back, kept)).toBe(true);
  expect(isNewer({ ...kept, at: 12_960 }, back)).toBe(true);
});
