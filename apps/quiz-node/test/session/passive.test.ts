/** A session that nobody is connected to is put away, and comes back as it was. */
import { afterEach, expect, test } from '@jest/globals';
import { answer, hello, host, join, openQuestion, order, resumeOf } from './stage/play.js';
import { World } from './stage/world.js';

let world: World;
afterEach(() => {
  expect(world.router.complaints).toEqual([]);
  expect(world.notes.filter((note) => note.includes('faulted') || note.includes('halted'))).toEqual([]);
});

test('with sockets it stays in memory, without them it goes, and a resume finds it in the store', async () => {
  world = await World.open();
  await world.create();
  const boss = await host(world);
  const [ada, bob] = [await join(world, 'Ada'), await join(world, 'Bob')];
  await openQuestion(world, boss);
  await answer(world, ada, 'b');
  await answer(world, bob, 'a');
  expect(ada.types()).toContain('leaderboard');
  await world.time.advance(400_000);
  expect(world.node.region.stats().hot).toBe(1);
  const resume = resumeOf(ada);
  for (const client of [boss, ada, bob]) client.hangUp();
  await world.time.advance(400_000);
  expect(world.node.region.stats()).toMatchObject({ hot: 0, entities: 1 });

  const back = await hello(world, { role: 'player', resume });
  expect(back.types()).toEqual(['welcome']);
  expect(back.got[0]!.d).toMatchObject({ resume: 'delta', nickname: 'Ada' });
  const stale = await hello(world, { role: 'player', resume: { ...resume, s: 2 } });
  expect(stale.got.map(({ t }) => t)).toEqual(['welcome', 'snapshot']);
  expect(stale.got[1]!.d).toMatchObject({ phase: 'revealed', me: { score: 1000, rank: 1 }, result: { outcome: 'correct' } });
});

test('another node reads snapshot, log and deck of a session that it has never seen', async () => {
  world = await World.open();
  await world.create();
  const boss = await host(world);
  const [ada, bob] = [await join(world, 'Ada'), await join(world, 'Bob')];
  await openQuestion(world, boss);
  await answer(world, ada, 'b');
  await answer(world, bob, 'a');
  await world.time.advance(30_000);
  await order(world, boss, 'next');
  await world.replaceNode();
  await world.time.advance(600);
  expect(await answer(world, ada, 42, 'q2')).toMatchObject({ t: 'ok' });
  await order(world, boss, 'close');
  expect(ada.last('me.result')!.d).toMatchObject({ revision: 2, rank: 1 });
  expect(ada.last('leaderboard')!.d).toMatchObject({ top: [{ nickname: 'Ada' }, { nickname: 'Bob', score: 0 }] });
});

test('a session that is purged lets its sockets go and is not found any more', async () => {
  world = await World.open();
  await world.create();
  const boss = await host(world);
  const ada = await join(world, 'Ada');
  const resume = resumeOf(ada);
  await order(world, boss, 'end');
  expect(await world.ask({ type: 'purge' })).toMatchObject({ ok: true });
  expect([boss.closeCode, ada.closeCode]).toEqual([4507, 4507]);
  expect((await hello(world, { role: 'player', resume })).closeCode).toBe(4508);
  ada.closeCode = null;
  await world.replaceNode();
  await world.time.settle();
  expect(ada.closeCode).toBe(4508);
});
