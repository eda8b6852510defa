/** The runtime over DynamoDB: what its owners do while the store is away, answers late or loses answers. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { createRegion, shardOf, type Region } from '@ringmaster/actors';
import type { DynamoStore } from '@ringmaster/actors/adapters/dynamodb/store';
import { noPeers, staticMembership } from '@ringmaster/actors/adapters/static/membership';
import { systemClock, systemRandom, systemTimers } from '@ringmaster/actors/adapters/system/clock';
import { describeWithServers, START_MS_MAX } from '../../../../test/services/describe-with-servers.js';
import { startDynamo, type RunningDynamo } from '../../../../test/services/dynamodb.js';
import { until } from '../../../../test/services/until.js';
import { MemoryJournal, type MemoryLogs } from '../fakes-memory/memory-journal.js';
import { Counter, type CounterCommand, type CounterReply } from '../fakes/counter.js';
import { seededRandom } from '../fakes/sim-time.js';
import { DynamoProxy } from './dynamo-proxy.js';
import { DynamoTables } from './dynamo-tables.js';

// Real servers on a machine that may be busy.
jest.setTimeout(60_000);

const SHARDS = 4;
const WAIT_MS_MAX = 30_000;
const limits = { connectMsMax: 2_000, requestMsMax: 5_000, attemptsMax: 2, backoffMsMin: 1, backoffMsMax: 4 };

let dynamo: RunningDynamo;
let proxy: DynamoProxy;
let tables: DynamoTables;
let store: DynamoStore;
let logs: MemoryLogs;
let running: Node[];

interface Node {
  readonly region: Region<CounterCommand, CounterReply>;
  readonly counter: Counter;
}

describeWithServers(['dynamodb'], 'the runtime over DynamoDB', () => {
  beforeAll(async () => {
    dynamo = await startDynamo({ shared: true });
  }, START_MS_MAX);
  afterAll(() => dynamo?.stop());

  beforeEach(async () => {
    tables = new DynamoTables(dynamo.address);
    await tables.setup({ shards: SHARDS });
    proxy = new DynamoProxy(dynamo.address);
    store = await tables.open({ shards: SHARDS, endpoint: await proxy.listen(), limits });
    logs = new Map();
    running = [];
  });
  afterEach(async () => {
    for (const { region } of running) region.stop();
    await tables.dispose();
    await proxy.close();
  });

  const nothing = (): void => undefined;
  let boots = 0;
  function start(): Node {
    const counter = new Counter();
    const region = createRegion({
      nodeName: 'a',
      boot: `boot${(boots += 1)}`,
      shards: SHARDS,
      journal: new MemoryJournal(logs),
      snapshots: store.snapshots,
      membership: staticMembership({ nodes: [{ name: 'a', boot: '', address: '127.0.0.1:1' }], routers: [] }),
      peers: noPeers,
      clock: systemClock,
      timers: systemTimers({ keepAlive: true }),
      random: systemRandom,
      behavior: counter,
      observer: { released: nothing, owned: nothing, lost: nothing, moving: nothing, stalled: nothing },
      limits: { retryMsMin: 5, retryMsMax: 50, replayFromEveryMs: 20, lookEveryMs: 20, chunkBytesMax: 1_000 },
      mayTrim: () => true,
    });
    const node = { region, counter };
    running.push(node);
    region.start();
    return node;
  }

  const ask = (node: Node, entityId: string, command: CounterCommand): Promise<CounterReply> =>
    new Promise((replied, reject) => node.region.tell({ entityId, lane: 'ordered', command, replied, dropped: (reason) => reject(new Error(reason)) }));
  const owns = (node: Node, count: number): Promise<true> => until(`${count} shards are owned`, WAIT_MS_MAX, () => (node.region.ownedShards().length === count ? true : undefined));
  const pointerOf = (entityId: string) => store.snapshots.getPointer(shardOf(entityId, SHARDS), entityId);

  test('DynamoDB gone: owners go on and snapshots wait; back: they are written, and a new owner begins with them', async () => {
    const first = start();
    await owns(first, SHARDS);
    proxy.fate = () => 'refuse';
    expect((await ask(first, 'x', { type: 'add', by: 2 })).total).toBe(2);
    const { n } = await ask(first, 'x', { type: 'save' });
    expect((await ask(first, 'x', { type: 'add', by: 3 })).total).toBe(5);
    await until('the store was asked in vain', WAIT_MS_MAX, () => (tables.observed.filter((each) => each === 'failed STORE_AWAY').length > 3 ? true : undefined));
    proxy.fate = () => 'pass';
    await until('the snapshot is there', WAIT_MS_MAX, async () => ((await pointerOf('x'))?.n ?? 0) >= n || undefined);
    first.region.stop();
    const second = start();
    await owns(second, SHARDS);
    expect((await ask(second, 'x', { type: 'get' })).total).toBe(5);
    expect(second.counter.restores).toBe(1);
  });

  test('DynamoDB gone when an owner dies: the shard waits for it, and nothing is guessed', async () => {
    const first = start();
    await owns(first, SHARDS);
    await ask(first, 'x', { type: 'add', by: 2 });
    first.region.stop();
    proxy.fate = () => 'refuse';
    const second = start();
    await until('it was asked in vain', WAIT_MS_MAX, () => (tables.observed.filter((each) => each === 'failed STORE_AWAY').length > 8 ? true : undefined));
    expect(second.region.stats()).toMatchObject({ owned: 0, halted: 0 });
    proxy.fate = () => 'pass';
    await owns(second, SHARDS);
    expect((await ask(second, 'x', { type: 'get' })).total).toBe(2);
  });

  test('answers that are lost, throttled or cut off, and one owner after another: every state is what was acknowledged', async () => {
    const random = seededRandom(7);
    const fates = ['loseAnswer', 'refuse', 'cutAnswer', 'leaveHalf', { status: 400, error: 'ProvisionedThroughputExceededException' }, { status: 500, error: 'InternalServerError' }] as const;
    const totals = new Map<string, number>();
    const ids = Array.from({ length: 12 }, (_, i) => `e${i}`);
    for (let round = 0; round < 4; round += 1) {
      proxy.fate = ({ operation }) => {
        const fate = random.fraction() < 0.3 ? fates[Math.floor(random.fraction() * fates.length)]! : 'pass';
        return fate === 'leaveHalf' && operation !== 'BatchWriteItem' ? 'pass' : fate;
      };
      const node = start();
      await owns(node, SHARDS);
      for (const id of ids) expect((await ask(node, id, { type: 'get' })).total).toBe(totals.get(id) ?? 0);
      await Promise.all(
        ids.map(async (id, i) => {
          for (let turn = 0; turn < 5; turn += 1) {
            const { total } = await ask(node, id, { type: 'add', by: i + turn });
            totals.set(id, total);
            await ask(node, id, { type: 'fill', bytes: 2_500 });
            await ask(node, id, { type: 'save' });
          }
        }),
      );
      // Some snapshots are under way when the owner ends.
      node.region.stop();
    }
    proxy.fate = () => 'pass';
    const last = start();
    await owns(last, SHARDS);
    for (const id of ids) expect((await ask(last, id, { type: 'get' })).total).toBe(totals.get(id));
    expect(last.region.stats().halted).toBe(0);
    expect(new Set(tables.observed.map((each) => each.split(' ')[1]))).toEqual(new Set(['STORE_TABLE_MISSING', 'STORE_AWAY', 'STORE_THROTTLED']));
  }, 120_000);
});
