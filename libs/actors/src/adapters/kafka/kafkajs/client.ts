/**
 * Calls by kafkajs: its sockets, TLS, SASL, requests, answers and time-outs. Of an answer only the last step is left out, which turns the error of
 * one partition into the failure of all. Its producer, cluster and consumer are not used: see decision 7.
 */
import { logLevel, type Logger } from 'kafkajs';
import Broker from 'kafkajs/src/broker/index.js';
import { createLogger } from 'kafkajs/src/loggers/index.js';
import ConnectionPool, { type Connection } from 'kafkajs/src/network/connectionPool.js';
import makeSocketFactory from 'kafkajs/src/network/socketFactory.js';
import apiKeys from 'kafkajs/src/protocol/requests/apiKeys.js';
import { requests, type Answers, type ApiName } from 'kafkajs/src/protocol/requests/index.js';
import {
  isCertificateError, TransportError, type Address, type Batch, type Fetched, type FetchWanted, type KafkaClient, type KafkaConnection, type ListedOffset, type Metadata, type NewTopic,
  type PartitionError, type Produced, type TopicAnswer, type TopicSettings, type TransportErrorKind,
} from '../client.js';
import type { KafkaSettings } from '../options.js';
import { guardKafkajs } from './idle-timer.js';
import { kafkajsSecurity } from './security.js';

const ACKS_ALL = -1;
/** Up to the high watermark: there are no transactions here. */
const READ_UNCOMMITTED = 0;
const TOPIC_RESOURCE = 2;
/** Time-stamps with which ListOffsets asks for the ends. */
const END = { earliest: -2, latest: -1 } as const;

/** kafkajs calls it a failed authentication, too, when the connection breaks meanwhile; what happened is in the text alone. */
const CUT_SHORT = /failed: (?:Closed connection|Connection |Not connected|Request |the connection was given up)/;

/** @throws Error for another version of kafkajs than the one that is known */
export function kafkajsClient(settings: KafkaSettings): KafkaClient {
  guardKafkajs();
  const logger = createLogger({ level: logLevel.INFO, logCreator: () => ({ level, log }) => settings.onLog?.(levelOf(level), log.message) });
  const security = kafkajsSecurity(settings);
  const socketFactory = makeSocketFactory();
  const { clientId, connectTimeoutMs: connectionTimeout, requestTimeoutMs: requestTimeout } = settings;
  return {
    dial: ({ host, port }) => {
      const pool = new ConnectionPool({ host, port, clientId, connectionTimeout, requestTimeout, enforceRequestTimeout: true, socketFactory, logger, ...security });
      return new KafkajsConnection({ host, port }, pool, logger, connectionTimeout);
    },
  };
}

class KafkajsConnection implements KafkaConnection {
  /** The pool has a second one, for fetches, which is not used. */
  readonly #connection: Connection;
  readonly #broker: Broker;

  constructor(
    private readonly address: Address,
    connectionPool: ConnectionPool,
    logger: Logger,
    authenticationTimeout: number,
  ) {
    this.#connection = connectionPool.pool[0]!;
    this.#broker = new Broker({ connectionPool, logger, authenticationTimeout });
  }

  get alive(): boolean {
    return this.#connection.isConnected();
  }

  async open(): Promise<void> {
    try {
      await this.#broker.connect();
    } catch (error) {
      throw this.#named(error);
    }
  }

  /** Not its `disconnect`: that waits for answers which a stuck broker never gives. */
  destroy(): void {
    const { requestQueue, socket } = this.#connection;
    this.#connection.connectionStatus = 'disconnected';
    requestQueue.rejectAll(new TransportError('network', 'the connection was given up'));
    requestQueue.destroy();
    socket?.destroy();
  }

  async metadata(topic: string): Promise<Metadata> {
    const { brokers, controllerId, topicMetadata } = await this.#call('Metadata', { topics: [topic], allowAutoTopicCreation: false });
    return {
      brokers: brokers.map(({ nodeId, host, port }) => ({ node: nodeId, host, port })),
      controller: controllerId,
      topicError: topicMetadata[0]?.topicErrorCode ?? 0,
      partitions: topicMetadata[0]?.partitionMetadata.map(({ partitionId, leader, replicas }) => ({ partition: partitionId, leader, replicas })) ?? [],
    };
  }

  async produce(topic: string, batches: readonly Batch[], timeout: number): Promise<Produced[]> {
    const topicData = [{ topic, partitions: batches.map(({ partition, records }) => ({ partition, messages: records })) }];
    const { topics } = await this.#call('Produce', { acks: ACKS_ALL, timeout, topicData });
    return topics.flatMap(({ partitions }) => partitions.map(({ partition, errorCode, baseOffset }) => ({ partition, error: errorCode, baseOffset: Number(baseOffset) })));
  }

  async fetch(topic: string, { partition, from, maxBytes }: FetchWanted): Promise<Fetched> {
    const topics = [{ topic, partitions: [{ partition, fetchOffset: from, maxBytes }] }];
    const { errorCode, responses } = await this.#call('Fetch', { isolationLevel: READ_UNCOMMITTED, maxWaitTime: 0, minBytes: 0, maxBytes, topics });
    const found = responses[0]?.partitions[0];
    return {
      error: errorCode || (found?.errorCode ?? -1),
      start: Number(found?.lastStartOffset),
      end: Number(found?.highWatermark),
      records: found?.messages.map(({ offset, key, value }) => ({ offset: Number(offset), key, value })) ?? [],
    };
  }

  async listOffsets(topic: string, partitions: readonly number[], end: 'earliest' | 'latest'): Promise<ListedOffset[]> {
    const topics = [{ topic, partitions: partitions.map((partition) => ({ partition, timestamp: END[end] })) }];
    const { responses } = await this.#call('ListOffsets', { isolationLevel: READ_UNCOMMITTED, topics });
    return responses.flatMap((response) => response.partitions.map(({ partition, errorCode, offset }) => ({ partition, error: errorCode, offset: Number(offset) })));
  }

  async deleteRecords(topic: string, partition: number, below: number, timeout: number): Promise<PartitionError> {
    const { topics } = await this.#call('DeleteRecords', { topics: [{ topic, partitions: [{ partition, offset: below }] }], timeout });
    return { partition, error: topics[0]?.partitions[0]?.errorCode ?? -1 };
  }

  async createTopic({ topic, partitions, replicationFactor, settings }: NewTopic, timeout: number): Promise<TopicAnswer> {
    const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
    const { topicErrors } = await this.#call('CreateTopics', { topics: [{ topic, numPartitions: partitions, replicationFactor, configEntries }], timeout });
    return { error: topicErrors[0]?.errorCode ?? -1, message: topicErrors[0]?.errorMessage ?? null };
  }

  async describeTopic(topic: string, names: readonly string[]): Promise<TopicSettings> {
    const { resources } = await this.#call('DescribeConfigs', { resources: [{ type: TOPIC_RESOURCE, name: topic, configNames: names }] });
    const found = resources[0];
    return { error: found?.errorCode ?? -1, message: found?.errorMessage ?? null, settings: new Map(found?.configEntries.map(({ configName, configValue }) => [configName, configValue ?? ''])) };
  }

  async #call<A extends ApiName>(api: A, args: object): Promise<Answers[A]> {
    try {
      const { request, response } = this.#broker.lookupRequest(apiKeys[api], requests[api])(args);
      const parse = (decoded: Answers[A]) => Promise.resolve(decoded); // the codes stay with their partitions
      return await this.#connection.send<Answers[A]>({ request, response: { decode: response.decode, parse }, logResponseError: false });
    } catch (error) {
      throw this.#named(error);
    }
  }

  #named(error: unknown): TransportError {
    if (error instanceof TransportError) return error;
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return new TransportError(kindOf(error, name, message), `${this.address.host}:${this.address.port}: ${message}`, { cause: error });
  }
}

function kindOf(error: unknown, name: string, message: string): TransportErrorKind {
  if (isCertificateError(error)) return 'certificate';
  if (name === 'KafkaJSRequestTimeoutError' || name === 'KafkaJSLockTimeout' || message.endsWith('Connection timeout')) return 'timeout';
  return name.startsWith('KafkaJSSASL') && !CUT_SHORT.test(message) ? 'authentication' : 'network';
}

function levelOf(level: logLevel): 'error' | 'warn' | 'info' {
  if (level === logLevel.ERROR) return 'error';
  return level === logLevel.WARN ? 'warn' : 'info';
}
