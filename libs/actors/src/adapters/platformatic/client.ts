/**
 * Calls by @platformatic/kafka: its connection, with TLS, SASL and time-outs, and its public per-version APIs. An answer with an error in it arrives
 * as a ResponseError that carries the whole answer: the codes stay with their partitions. Its producer, consumer and admin are not used.
 */
import {
  AuthenticationError, Connection, createTopicsV3, deleteRecordsV1, describeConfigsV2, fetchV11, listOffsetsV3, metadataV6, NetworkError, ProduceAcks, produceV7, TimeoutError, type API,
  type ConnectionOptions,
} from '@platformatic/kafka';
import {
  isCertificateError, TransportError, type Address, type Batch, type Fetched, type FetchWanted, type KafkaClient, type KafkaConnection, type ListedOffset, type Metadata, type NewTopic,
  type PartitionError, type Produced, type TopicAnswer, type TopicSettings, type TransportErrorKind,
} from '../kafka/client.js';
import type { KafkaSettings } from '../kafka/options.js';
import { platformaticSecurity } from './security.js';

/** Up to the high watermark: there are no transactions here. */
const READ_UNCOMMITTED = 0;
const CONSUMER = -1;
const NO_SESSION = { id: 0, epoch: -1 } as const;
const NO_EPOCH = -1;
const TOPIC_RESOURCE = 2;
const END = { earliest: -2n, latest: -1n } as const;
/** Reads of many shards share a connection; the time-out of those above this begins when they are sent. */
const IN_FLIGHT_MAX = 256;

export function platformaticClient(settings: KafkaSettings): KafkaClient {
  const { clientId, connectTimeoutMs: connectTimeout, requestTimeoutMs: requestTimeout } = settings;
  const optionsFor = (host: string): ConnectionOptions => ({ connectTimeout, requestTimeout, maxInflights: IN_FLIGHT_MAX, ...platformaticSecurity(settings, host) });
  return { dial: (address) => new PlatformaticConnection(address, new Connection(clientId, optionsFor(address.host))) };
}

class PlatformaticConnection implements KafkaConnection {
  /** Why it broke. */
  #broke: unknown;

  constructor(
    private readonly address: Address,
    private readonly connection: Connection,
  ) {
    // Those who wait are told by their calls, but only that the connection is closed.
    connection.on('error', (error) => {
      this.#broke = error;
    });
  }

  get alive(): boolean {
    return this.connection.isConnected();
  }

  async open(): Promise<void> {
    try {
      await this.connection.connect(this.address.host, this.address.port);
    } catch (error) {
      throw this.#named(error);
    }
  }

  destroy(): void {
    void this.connection.close();
    (this.connection.socket as Connection['socket'] | undefined)?.destroy();
  }

  async metadata(topic: string): Promise<Metadata> {
    const { brokers, controllerId, topics } = await this.#call(metadataV6.api, [topic], false);
    return {
      brokers: brokers.map(({ nodeId, host, port }) => ({ node: nodeId, host, port })),
      controller: controllerId,
      topicError: topics[0]?.errorCode ?? 0,
      partitions: topics[0]?.partitions.map(({ partitionIndex, leaderId, replicaNodes }) => ({ partition: partitionIndex, leader: leaderId, replicas: replicaNodes })) ?? [],
    };
  }

  async produce(topic: string, batches: readonly Batch[], timeoutMs: number): Promise<Produced[]> {
    const messages = batches.flatMap(({ partition, records }) => records.map(({ key, value }) => ({ topic, partition, key, value })));
    const answer = await this.#call(produceV7.api, ProduceAcks.ALL, timeoutMs, messages);
    if (typeof answer === 'boolean') return [];
    return answer.responses.flatMap(({ partitionResponses }) => partitionResponses.map(({ index, errorCode, baseOffset }) => ({ partition: index, error: errorCode, baseOffset: Number(baseOffset) })));
  }

  async fetch(topic: string, { partition, from, maxBytes }: FetchWanted): Promise<Fetched> {
    const wanted = { partition, currentLeaderEpoch: NO_EPOCH, fetchOffset: BigInt(from), lastFetchedEpoch: NO_EPOCH, partitionMaxBytes: maxBytes };
    const answer = await this.#call(fetchV11.api, 0, 0, maxBytes, READ_UNCOMMITTED, NO_SESSION.id, NO_SESSION.epoch, [{ topicId: topic, partitions: [wanted] }], [], '');
    const found = answer.responses[0]?.partitions[0];
    return {
      error: answer.errorCode || (found?.errorCode ?? -1),
      start: Number(found?.logStartOffset),
      end: Number(found?.highWatermark),
      records: found?.records?.flatMap(({ firstOffset, records }) => records.map(({ offsetDelta, key, value }) => ({ offset: Number(firstOffset) + offsetDelta, key, value }))) ?? [],
    };
  }

  async listOffsets(topic: string, partitions: readonly number[], end: 'earliest' | 'latest'): Promise<ListedOffset[]> {
    const wanted = partitions.map((partitionIndex) => ({ partitionIndex, currentLeaderEpoch: NO_EPOCH, timestamp: END[end] }));
    const { topics } = await this.#call(listOffsetsV3.api, CONSUMER, READ_UNCOMMITTED, [{ name: topic, partitions: wanted }]);
    return topics.flatMap((answer) => answer.partitions.map(({ partitionIndex, errorCode, offset }) => ({ partition: partitionIndex, error: errorCode, offset: Number(offset) })));
  }

  async deleteRecords(topic: string, partition: number, below: number, timeoutMs: number): Promise<PartitionError> {
    const { topics } = await this.#call(deleteRecordsV1.api, [{ name: topic, partitions: [{ partitionIndex: partition, offset: BigInt(below) }] }], timeoutMs);
    return { partition, error: topics[0]?.partitions[0]?.errorCode ?? -1 };
  }

  async createTopic({ topic, partitions, replicationFactor, settings }: NewTopic, timeoutMs: number): Promise<TopicAnswer> {
    const configs = Object.entries(settings).map(([name, value]) => ({ name, value }));
    const wanted = { name: topic, numPartitions: partitions, replicationFactor, assignments: [], configs };
    const { topics } = await this.#call(createTopicsV3.api, [wanted], timeoutMs, false);
    return { error: topics[0]?.errorCode ?? -1, message: topics[0]?.errorMessage ?? null };
  }

  async describeTopic(topic: string, names: readonly string[]): Promise<TopicSettings> {
    const { results } = await this.#call(describeConfigsV2.api, [{ resourceType: TOPIC_RESOURCE, resourceName: topic, configurationKeys: [...names] }]);
    const found = results[0];
    return { error: found?.errorCode ?? -1, message: found?.errorMessage ?? null, settings: new Map(found?.configs.map(({ name, value }) => [name, value ?? ''])) };
  }

  async #call<A extends unknown[], R>(api: API<A, R>, ...args: A): Promise<R> {
    try {
      return await api.async(this.connection, ...args);
    } catch (error) {
      const answer = answerIn<R>(error);
      if (answer === undefined) throw this.#named(error);
      return answer;
    }
  }

  #named(thrown: unknown): TransportError {
    const error = thrown instanceof NetworkError && thrown.cause === undefined ? (this.#broke ?? thrown) : thrown;
    return new TransportError(kindOf(error), `${this.address.host}:${this.address.port}: ${reasonOf(error)}`, { cause: error });
  }
}

/** Of the errors that it throws only this one says that the broker has answered. */
function answerIn<R>(error: unknown): R | undefined {
  const { code, response } = error as { readonly code?: unknown; readonly response?: R };
  return code === 'PLT_KFK_RESPONSE' ? response : undefined;
}

/** Its own message says that the connection failed; those below it say why. */
function reasonOf(error: unknown): string {
  const { message, cause, errors } = error as { readonly message?: string; readonly cause?: unknown; readonly errors?: readonly unknown[] };
  const causes = errors ?? (cause === undefined || cause === null ? [] : [cause]);
  return [message ?? String(error), ...causes.map(reasonOf)].join(': ');
}

/** By class, not by code: its time-outs bear the code of network errors. */
function kindOf(error: unknown): TransportErrorKind {
  if (isCertificateError(error)) return 'certificate';
  if (error instanceof TimeoutError) return 'timeout';
  // It calls it a failed authentication, too, when the connection breaks meanwhile.
  if (error instanceof AuthenticationError) return error.cause instanceof NetworkError || error.cause instanceof TimeoutError ? kindOf(error.cause) : 'authentication';
  return error instanceof Error && error.cause !== undefined ? kindOf(error.cause) : 'network';
}
