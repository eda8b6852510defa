import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Game } from './harness/game.js';
import { agree, closeClients } from './harness/player.js';
import { newDataDir, Product } from './harness/product.js';
import { quizOf, swift } from './harness/quizzes.js';
import { eventually } from './harness/waiting.js';

/** A file system of its own, that nothing else fills. The node wants 64 MiB free before it lets new sessions in. */
const SIZE = '96m';
const folder = newDataDir();

/** Undefined: it is there. */
function mounted(): string | undefined {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', folder], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return String((error as Error).message).split('\n').at(-2) ?? 'mount failed';
  }
}

const reason = mounted();
afterAll(() => {
  if (reason === undefined) execFileSync('umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
});

/** Without the right to mount nothing can be said here, and that is said. */
const withDisk = reason === undefined ? describe : describe.skip;

withDisk(`a disk that is full${reason === undefined ? '' : ` (not tried, no tmpfs: ${reason})`}`, () => {
  const ballast = join(folder, 'ballast');
  let product: Product;
  beforeAll(async () => {
    mkdirSync(join(folder, 'data'));
    product = await Product.start({ node: { DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'silent' } });
  });
  afterEach(closeClients);
  // Not a word on stderr, and no death: lmdb is never let near the end of the disk, where its native code was seen to damage its heap.
  afterAll(async () => {
    expect(await product.close()).toEqual([]);
  });

  const fill = (): void => {
    for (let bytes = 2 ** 20; bytes >= 512; ) {
      try {
        appendFileSync(ballast, Buffer.alloc(bytes));
      } catch {
        bytes /= 2;
      }
    }
  };

  it('live sessions stall and lose nothing, new ones are refused, and all goes on when there is room', async () => {
    const game = await Game.of(product, swift, quizOf(1, { limitMs: 120_000 }));
    await game.open();
    fill();
    // What the file has already, it may use up first.
    let stalled = false;
    void game.bob.sees('session.stalled', ({ d }) => d.reason === 'journal', 60_000).then(() => (stalled = true));
    for (let order = 0; !stalled && order < 5_000; order += 1) {
      await Promise.race([product.host.ask('POST', `/v1/sessions/${game.id}/commands`, { cmdId: `${order}`, cmd: order % 2 === 0 ? 'lock' : 'unlock' }), game.bob.sees('session.stalled', undefined, 60_000)]);
    }
    expect(stalled).toBe(true);
    const id = game.ada.send('answer.submit', { answerId: 'while-full', qid: 'q1', value: 'b' });
    await eventually(async () => ((await product.host.ask('POST', '/v1/sessions', { quiz: quizOf(1) })).status === 503 ? true : undefined), 'a refusal of new sessions', 20_000);
    expect(game.ada.got('ok').some(({ re }) => re === id)).toBe(false);

    rmSync(ballast);
    expect(await game.ada.reply(id, 20_000)).toMatchObject({ t: 'ok', d: { answerId: 'while-full' } });
    await game.bob.sees('session.unstalled', undefined, 20_000);
    await game.bob.answer('q1', 'a');
    await game.order('end');
    expect((await product.host.report(game.id)).answers.map(({ answerId }) => answerId).sort()).toEqual(['Bob-q1', 'while-full']);
    await eventually(async () => ((await product.host.ask('POST', '/v1/sessions', { quiz: quizOf(1) })).status === 201 ? true : undefined), 'new sessions again', 20_000);
    agree([game.ada, game.bob]);
  }, 120_000);
});
