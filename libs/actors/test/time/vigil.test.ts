import { beforeEach, expect, test } from '@jest/globals';
import { Vigil } from '../../src/time/vigil.js';
import { SimTime } from '../fakes/sim-time.js';

let time: SimTime;
let vigil: Vigil;
let hangs: number[];

beforeEach(() => {
  time = new SimTime();
  hangs = [];
  vigil = new Vigil(time, time, { vigilEveryMs: 100, hangMs: 1_000 }, (ms) => hangs.push(ms));
  vigil.start();
});

test('while the loop turns nothing is a hang', async () => {
  await time.advance(60_000);
  expect(hangs).toEqual([]);
});

test('a gap above hangMs is one, told once, from the last proof on', async () => {
  await time.advance(250);
  time.freeze(1_000);
  vigil.look();
  await time.advance(1_000);
  expect(hangs).toEqual([1_050]);
});

test('nothing is watched after stop', async () => {
  vigil.stop();
  time.freeze(5_000);
  await time.advance(5_000);
  expect(hangs).toEqual([]);
});
