import { expect, test } from '@jest/globals';
import { OpenConnection, type AwaitedReply } from '../../src/session/open-connection.js';
import type { RouterLink } from '../../src/session/router-link.js';

const opened = (): OpenConnection => new OpenConnection({} as RouterLink, 1, '7K3M9QRT', 3, 'boot.1');
const awaited = (start: (() => void) | null = null): AwaitedReply => ({ emit: null, start });

test('K2: replies leave in the order of the frames, whatever order they become known in', () => {
  const open = opened();
  const said: string[] = [];
  const [first, second, third] = [awaited(), awaited(), awaited()];
  for (const reply of [first, second, third]) open.await(reply);
  open.settle(third, () => said.push('third'));
  open.settle(second, () => said.push('second'));
  expect(said).toEqual([]);
  open.settle(first, () => said.push('first'));
  expect(said).toEqual(['first', 'second', 'third']);
});

test('a frame that must wait is handed over when all earlier replies have left', () => {
  const open = opened();
  const said: string[] = [];
  const answer = awaited();
  const resync = awaited(() => said.push('resync handed over'));
  open.await(answer);
  open.await(resync);
  expect(said).toEqual([]);
  open.settle(answer, () => said.push('answer replied'));
  expect(said).toEqual(['answer replied', 'resync handed over']);
});

test('K3: what was held for an earlier open never leaves', () => {
  const open = opened();
  const said: string[] = [];
  const reply = awaited();
  open.await(reply);
  open.gone = true;
  open.settle(reply, () => said.push('too late'));
  expect(said).toEqual([]);
});

test.each([
  [0, 0, 0],
  [80, 2, 0],
  [81, 3, 40],
  [300, 9, 150],
  [5_000, 9, 150],
])('a shortest round trip of %d ms in %d samples gives a credit of %d ms', (rttMinMs, rttSamples, credit) => {
  const open = opened();
  Object.assign(open, { rttMinMs, rttSamples });
  expect(open.creditMs).toBe(credit);
});
