/** The distributed adapters: journal in Kafka, snapshots and records in DynamoDB, membership in Redis, other nodes over HTTP. Composition only. */
import { JournalError } from '@ringmaster/actors';
import { openDynamoStore, StoreSetupError } from '@ringmaster/actors/adapters/dynamodb/store';
import { HttpPeers } from '@ringmaster/actors/adapters/http/peers';
import { isKeptOut, KafkaTopicError, openKafkaJournal } from '@ringmaster/actors/adapters/kafka/kafkajs/journal';
import { openPlatformaticJournal } from '@ringmaster/actors/adapters/platformatic/journal';
import { checkRedisAccess, RedisAccessError } from '@ringmaster/actors/adapters/redis/access';
import { CachedRecords } from '@ringmaster/actors/adapters/redis/cached-records';
import { RedisMembership } from '@ringmaster/actors/adapters/redis/membership';
import { Registry } from 'prom-client';
import { ClusterSetupError, keptOutHints, type ClusterConfig } from './cluster-config.js';
import type { NodeConfig } from './config.js';
import { watchCache } from './ops/cache-metrics.js';
import { dynamoMetrics } from './ops/dynamodb-metrics.js';
import { kafkaMetrics } from './ops/kafka-metrics.js';
import { watchMembership } from './ops/membership-metrics.js';
import type { NodePorts, PortsDeps } from './ports.js';

/** Records that never change: a deck is named by its content. */
const DECKS = 'deck/';
/** A supervisor gives up on a program that dies too often; one that waits for so long, ms, dies once a minute at most, and a service may be away for hours. */
const AWAY_MS_MAX = 60_000;
const LOOK_AGAIN_MS = 500;
/** An operator has to do something about it: said at once. */
const NOT_AWAY: readonly string[] = ['STORE_REFUSED'];

/** @throws ClusterSetupError, JournalError */
export async function openClusterPorts({ kafka, dynamo, redis }: ClusterConfig, config: NodeConfig, { clock, timers, random, note, replaced, registry = new Registry() }: PortsDeps): Promise<NodePorts> {
  const { shards, linkSecret, nodeName } = config;
  await checkRedisAccess(redis).catch(toSetupError);
  const patiently = whenThere(clock.mono() + AWAY_MS_MAX, { clock, timers, note });
  const observer = dynamoMetrics(registry);
  const store = await patiently(() => openDynamoStore({ ...dynamo, shards, clock, timers, random, observer })).catch(toSetupError);
  const onLog = (level: string, message: string): void => note(`kafka ${level}`, { message });
  const open = kafka.client === 'kafkajs' ? openKafkaJournal : openPlatformaticJournal;
  const onRequest = kafkaMetrics(registry);
  const journal = await patiently(() => open({ ...kafka, shards, clock, timers, clientId: nodeName, onLog, onRequest })).catch(async (error: unknown) => {
    await store.close();
    return toSetupError(error);
  });
  const heard = (event: string, about: Readonly<Record<string, unknown>>): void => {
    note(event, about);
    if (event === 'name taken over') replaced();
  };
  const membership = new RedisMembership({ ...redis, clock, timers, note: heard });
  const peers = new HttpPeers({
    addressOf: (node) => membership.addressOf(node),
    ...(linkSecret === undefined ? {} : { secret: linkSecret }),
  });
  const records = new CachedRecords({ ...redis, records: store.records, clock, immutable: [DECKS] });
  watchMembership(registry, membership);
  watchCache(registry, () => records.counts());
  return {
    journal,
    snapshots: store.snapshots,
    records,
    membership,
    peers,
    isFull: () => false,
    close: async () => {
      await Promise.all([peers.close(), membership.close(), records.close(), journal.close(), store.close()]);
    },
  };
}

/** Tries again, until `until`, what fails because a service does not answer. */
function whenThere(until: number, { clock, timers, note }: Pick<PortsDeps, 'clock' | 'timers' | 'note'>) {
  return async <T>(open: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await open();
      } catch (error) {
        if (isKeptOut(error) || !(error instanceof JournalError) || error.kind !== 'unknown' || NOT_AWAY.includes(error.code) || clock.mono() >= until) throw error;
        note('waiting for a service', { code: error.code, error: error.message });
      }
      await new Promise<void>((resolve) => void timers.after(LOOK_AGAIN_MS, resolve));
    }
  };
}

function toSetupError(error: unknown): never {
  if (error instanceof StoreSetupError || error instanceof KafkaTopicError) throw new ClusterSetupError(`${error.code}: ${error.message}`, { cause: error });
  if (error instanceof RedisAccessError || isKeptOut(error)) throw new ClusterSetupError(`${error.code}: ${error.message}. ${keptOutHints[error.code] ?? ''}`, { cause: error });
  throw error;
}
