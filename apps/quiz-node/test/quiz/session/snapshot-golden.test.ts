/** A snapshot as this version has always written it: one from the store must be read the same by every later release that says it reads version 1. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { restore, snapshot } from '../../../src/quiz/snapshot-codec.js';
import { report } from '../../../src/quiz/views/report.js';
import { deckOfAll } from './decks.js';
import { World } from './world.js';

const FILE = new URL('./golden/snapshot-v1.json', import.meta.url);

interface Golden {
  readonly head: string;
  readonly parts: Readonly<Record<string, string>>;
  readonly report: unknown;
}

/** A bit of everything: a correction, a void, an outage, a pause, somebody banned, and an open question with answers of two owners. */
function storedWorld(): World {
  const world = new World(deckOfAll(), { timing: { startMs: 0, readMs: 0 }, streak: true, shuffleOptions: true });
  for (const name of ['ann', 'bob', 'cat']) world.join(name);
  world.host('start');
  const step = (): unknown => world.until(world.now + 1_000);
  step();
  world.answer('ann', 'q1', 'c', { creditMs: 30 });
  world.answer('bob', 'q1', 'a');
  world.turn({ type: 'outage', from: 700, to: 1_000 });
  world.host('ban', { playerId: 'cat' });
  world.host('next');
  step();
  world.answer('ann', 'q2', ['b', 'a']);
  world.host('pause');
  step();
  world.host('resume');
  world.host('extend', { ms: 500 });
  world.host('close');
  world.turn({ type: 'correctKey', qid: 'q1', key: 'a', reason: 'typo', recvAt: world.now });
  world.host('void', { qid: 'q2', reason: 'unclear' });
  for (const value of [true, 'Paris', 13]) {
    world.host('next');
    step();
    world.answer('ann', `q${world.state.runs.length}`, value);
    if (world.state.runs.length === 5) break;
    world.host('close');
  }
  world.epoch = 2;
  return world;
}

it('version 1 is read and written as it ever was', () => {
  const world = storedWorld();
  const { head, parts } = snapshot(world.state);
  const now: Golden = {
    head: Buffer.from(head).toString(),
    parts: Object.fromEntries([...parts].map(([key, bytes]) => [key, Buffer.from(bytes()).toString()])),
    report: JSON.parse(JSON.stringify(report(world.state))),
  };
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(FILE, `${JSON.stringify(now, null, 1)}\n`);
  const golden = JSON.parse(readFileSync(FILE, 'utf8')) as Golden;
  expect(now).toEqual(golden);
  const stored = new Map(Object.entries(golden.parts).map(([key, text]) => [key, new Uint8Array(Buffer.from(text))]));
  const restored = restore('7K3M9QRT', new Uint8Array(Buffer.from(golden.head)), stored, world.state.decks);
  expect(JSON.parse(JSON.stringify(report(restored)))).toEqual(golden.report);
});
