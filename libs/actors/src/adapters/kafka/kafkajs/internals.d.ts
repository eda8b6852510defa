/** What is used of kafkajs 2.2.4 beyond its public API; `guardKafkajs` refuses any other version. */

declare module 'kafkajs/src/network/requestQueue/index.js' {
  export default class RequestQueue {
    constructor(options: object);
    readonly pending: readonly unknown[];
    /** Wall clock, ms. */
    throttledUntil: number;
    push(request: object): void;
    checkPendingRequests(): void;
    scheduleCheckPendingRequests(): void;
    rejectAll(error: Error): void;
    destroy(): void;
  }
}

declare module 'kafkajs/src/protocol/requests/index.js' {
  /** Answers as they are decoded, errors included. Numbers of 64 bits are texts or bigints. */
  export interface Answers {
    readonly Metadata: {
      readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[];
      readonly controllerId: number;
      readonly topicMetadata: readonly {
        readonly topicErrorCode: number;
        readonly partitionMetadata: readonly { readonly partitionId: number; readonly leader: number; readonly replicas: readonly number[] }[];
      }[];
    };
    readonly Produce: { readonly topics: readonly { readonly partitions: readonly { readonly partition: number; readonly errorCode: number; readonly baseOffset: string }[] }[] };
    readonly Fetch: {
      readonly errorCode: number;
      readonly responses: readonly {
        readonly partitions: readonly {
          readonly errorCode: number;
          readonly highWatermark: string;
          /** The log's start: so it is spelt there. */
          readonly lastStartOffset: string;
          readonly messages: readonly { readonly offset: string; readonly key: Buffer | null; readonly value: Buffer | null }[];
        }[];
      }[];
    };
    readonly ListOffsets: { readonly responses: readonly { readonly partitions: readonly { readonly partition: number; readonly errorCode: number; readonly offset: string }[] }[] };
    readonly DeleteRecords: { readonly topics: readonly { readonly partitions: readonly { readonly errorCode: number }[] }[] };
    readonly CreateTopics: { readonly topicErrors: readonly { readonly errorCode: number; readonly errorMessage: string | null }[] };
    readonly DescribeConfigs: {
      readonly resources: readonly {
        readonly errorCode: number;
        readonly errorMessage: string | null;
        readonly configEntries: readonly { readonly configName: string; readonly configValue: string | null }[];
      }[];
    };
  }
  export type ApiName = keyof Answers;
  export interface Protocol<T> {
    readonly request: object;
    readonly response: { readonly decode: (raw: Buffer) => Promise<T>; readonly parse: (decoded: T) => Promise<T> };
    readonly logResponseError?: boolean;
  }
  export interface Definition<T> {
    readonly versions: readonly string[];
    readonly decoded?: T;
  }
  export const requests: { readonly [A in ApiName]: Definition<Answers[A]> };
}

declare module 'kafkajs/src/protocol/requests/apiKeys.js' {
  import type { ApiName } from 'kafkajs/src/protocol/requests/index.js';
  const apiKeys: Readonly<Record<ApiName, number>>;
  export default apiKeys;
}

declare module 'kafkajs/src/network/connectionPool.js' {
  import type { Socket } from 'node:net';
  import type { ConnectionOptions } from 'node:tls';
  import type { ISocketFactory, Logger, SASLOptions } from 'kafkajs';
  import type RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
  import type { Protocol } from 'kafkajs/src/protocol/requests/index.js';

  export interface Connection {
    readonly socket?: Socket;
    readonly requestQueue: RequestQueue;
    connectionStatus: string;
    isConnected(): boolean;
    send<T>(protocol: Protocol<T>): Promise<T>;
  }

  export default class ConnectionPool {
    constructor(options: {
      readonly host: string;
      readonly port: number;
      readonly clientId: string;
      readonly connectionTimeout: number;
      readonly requestTimeout: number;
      readonly enforceRequestTimeout: boolean;
      readonly socketFactory: ISocketFactory;
      readonly logger: Logger;
      readonly ssl?: ConnectionOptions;
      readonly sasl?: SASLOptions;
    });
    readonly pool: readonly Connection[];
  }
}

declare module 'kafkajs/src/broker/index.js' {
  import type { Logger } from 'kafkajs';
  import type ConnectionPool from 'kafkajs/src/network/connectionPool.js';
  import type { Definition, Protocol } from 'kafkajs/src/protocol/requests/index.js';

  export default class Broker {
    constructor(options: { readonly connectionPool: ConnectionPool; readonly logger: Logger; readonly authenticationTimeout: number });
    connect(): Promise<void>;
    /** The best version that both sides know. */
    lookupRequest<T>(key: number, definition: Definition<T>): (args: object) => Protocol<T>;
  }
}

declare module 'kafkajs/src/network/socketFactory.js' {
  import type { ISocketFactory } from 'kafkajs';
  export default function makeSocketFactory(): ISocketFactory;
}

declare module 'kafkajs/src/loggers/index.js' {
  import type { logCreator, logLevel, Logger } from 'kafkajs';
  export function createLogger(options: { readonly level: logLevel; readonly logCreator: logCreator }): Logger;
}
