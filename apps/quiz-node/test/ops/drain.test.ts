import { beforeEach, expect, test } from '@jest/globals';
import { SimTime } from '../../../../libs/actors/test/fakes/sim-time.js';
import { drainer, type DrainSteps } from '../../src/ops/drain.js';

let time: SimTime;
let said: string[];
beforeEach(() => {
  time = new SimTime();
  said = [];
});

function drain(changed: Partial<DrainSteps> = {}) {
  const step = (name: string) => async (): Promise<void> => void said.push(name);
  const steps: DrainSteps = { stopAccepting: step('stop'), handOver: step('hand over'), closeLinks: () => said.push('links'), closeStore: step('store'), ...changed };
  return drainer(steps, { after: (ms, fn) => time.after(ms, fn), note: () => undefined, kill: () => said.push('kill'), exit: (code) => said.push(`exit ${code}`) }, 5_000);
}

test('the steps come in order, once', async () => {
  const begin = drain();
  begin('SIGTERM');
  begin('SIGTERM');
  await time.settle();
  expect(said).toEqual(['stop', 'hand over', 'links', 'store', 'exit 0']);
});

test('a step that hangs does not keep the process alive', async () => {
  drain({ handOver: () => new Promise(() => undefined) })('SIGTERM');
  await time.advance(4_999);
  expect(said).toEqual(['stop']);
  await time.advance(1);
  expect(said).toEqual(['stop', 'exit 1']);
});

test('an exit that hangs is ended by force', async () => {
  drain()('SIGTERM');
  await time.advance(1_000);
  expect(said.slice(-2)).toEqual(['exit 0', 'kill']);
});

test('a step that fails ends with an error', async () => {
  drain({ closeStore: () => Promise.reject(new Error('disk')) })('SIGTERM');
  await time.settle();
  expect(said.at(-1)).toBe('exit 1');
});
