import { expect, test } from '@jest/globals';
import { LastHeard } from '../../src/shard/last-heard.js';

test('the latest report of an epoch counts, for that epoch alone', () => {
  const heard = new LastHeard();
  heard.report(3, 900);
  heard.report(3, 700);
  heard.report(2, 950);
  expect([heard.at(3), heard.at(2), heard.at(1)]).toEqual([900, 950, 0]);
});

test('only the latest epochs are kept', () => {
  const heard = new LastHeard();
  for (let epoch = 1; epoch <= 20; epoch++) heard.report(epoch, epoch);
  heard.report(1, 1);
  expect([heard.at(1), heard.at(4), heard.at(5), heard.at(20)]).toEqual([0, 0, 5, 20]);
});
