/** What the programs say of themselves where all is in one folder: of the journal and the shards, and nothing of services that there are not. */
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { nodeKnown, routerKnown } from '../metrics/known.js';
import { parseMetrics, valueOf, type Family } from '../metrics/exposition.js';
import { Game } from './harness/game.js';
import { closeClients } from './harness/player.js';
import { Product } from './harness/product.js';

let product: Product;
beforeAll(async () => void (product = await Product.start()));
afterEach(closeClients);
afterAll(async () => expect(await product.close()).toEqual([]));

const scrape = async (port: number): Promise<ReadonlyMap<string, Family>> => parseMetrics(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
const ours = (families: ReadonlyMap<string, Family>): readonly string[] => [...families.keys()].filter((name) => name.startsWith('ringmaster_')).sort();
const away = /_(kafka|dynamodb|deck_cache|membership)_/;

it('after a question: every metric is there that needs no service, and the numbers are those of the game', async () => {
  const game = await Game.of(product);
  await game.open();
  await game.ada.answer('q1', 'b');
  await game.bob.answer('q1', 'a');

  const node = await scrape(product['nodePort']);
  expect(ours(node)).toEqual(nodeKnown().map(({ name }) => name).filter((name) => !away.test(name)).sort());
  const said = (name: string): number => valueOf(node, `ringmaster_node_${name}`);
  expect(['answers_accepted_total', 'answer_seconds_count', 'shards_owned', 'cluster_shards', 'shards_claimed_total', 'shard_recovery_seconds_count'].map(said)).toEqual([2, 2, 16, 16, 16, 16]);
  expect(['shards_halted', 'shards_stalled', 'shards_unsettled', 'shards_unclear', 'shards_lost_total', 'turns_faulted_total'].map(said)).toEqual([0, 0, 0, 0, 0, 0]);
  // The claims and the answers at least.
  expect(said('journal_append_seconds_count')).toBeGreaterThanOrEqual(18);
  expect(said('journal_append_seconds_sum') / said('journal_append_seconds_count')).toBeLessThan(2.5);

  const router = await scrape(product['port']);
  expect(ours(router)).toEqual(routerKnown().map(({ name }) => name).filter((name) => !away.test(name)).sort());
  expect(['sockets', 'sessions', 'links', 'links_lost_total'].map((name) => valueOf(router, `ringmaster_router_${name}`))).toEqual([2, 1, 1, 0]);
});
