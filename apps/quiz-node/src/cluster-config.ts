/** What a node takes from the environment about Kafka, DynamoDB and Redis: read only where BACKEND is distributed. */
import type { KafkaSasl, KafkaTls } from '@ringmaster/actors/adapters/kafka/kafkajs/journal';
import { z } from 'zod';
import { listOf, name, NAME_TEXT, pemFile, yesOrNo, type Variable } from './variable.js';

/** Topic or tables are not there, or not as they have to be; the message says how. */
export class ClusterSetupError extends Error {}

/** What to look at where Kafka or Redis and this program do not let each other in, by the error. */
export const keptOutHints: Readonly<Record<string, string>> = {
  JOURNAL_UNAUTHENTICATED: 'KAFKA_SASL, KAFKA_USERNAME and KAFKA_PASSWORD say who we are',
  JOURNAL_UNTRUSTED: 'KAFKA_TLS_CA says whose certificates are trusted, KAFKA_TLS_CERT and KAFKA_TLS_KEY which one is ours',
  REDIS_UNAUTHENTICATED: 'REDIS_URL says who we are: redis://user:password@host:port',
  REDIS_UNTRUSTED: 'NODE_EXTRA_CA_CERTS names a file of further authorities that are trusted',
};

const address = z.string().regex(/^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):\d{1,5}$/);
const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512', 'aws-msk-iam'] as const;
const kafkaClients = ['kafkajs', 'platformatic'] as const;
const YES_NO = '0 or 1';
const PEM_TEXT = 'a PEM file that can be read';

export const clusterVariables = {
  BACKEND: { schema: z.enum(['embedded', 'distributed']).default('embedded'), accepts: 'embedded, distributed', what: 'journal, snapshots and membership on this machine, or in Kafka, DynamoDB and Redis' },
  KAFKA_BROKERS: { schema: listOf(address).optional(), accepts: 'host:port, separated by commas', what: 'brokers to begin with' },
  KAFKA_TOPIC: { schema: name.default('ringmaster-journal'), accepts: NAME_TEXT, what: 'the journal: one partition a shard' },
  KAFKA_CLIENT: { schema: z.enum(kafkaClients).default('kafkajs'), accepts: kafkaClients.join(', '), what: 'the library that talks to the brokers' },
  KAFKA_TLS: { schema: yesOrNo, accepts: YES_NO, what: 'TLS to the brokers' },
  KAFKA_TLS_CA: { schema: pemFile.optional(), accepts: PEM_TEXT, what: 'authorities that may vouch for the brokers, in place of those that Node.js knows' },
  KAFKA_TLS_CERT: { schema: pemFile.optional(), accepts: PEM_TEXT, what: 'our certificate, where the brokers ask for one' },
  KAFKA_TLS_KEY: { schema: pemFile.optional(), accepts: PEM_TEXT, what: 'its key' },
  KAFKA_SASL: { schema: z.enum(mechanisms).optional(), accepts: mechanisms.join(', '), what: 'how to say who we are; aws-msk-iam takes AWS_REGION and the credentials of the machine' },
  KAFKA_USERNAME: { schema: z.string().min(1).optional(), accepts: 'a name', what: 'for KAFKA_SASL' },
  KAFKA_PASSWORD: { schema: z.string().min(1).optional(), accepts: 'a password', what: 'for KAFKA_SASL', secret: true },
  KAFKA_DEV: { schema: yesOrNo, accepts: YES_NO, what: '1: one broker without replicas will do; an acknowledged answer can then be lost with its disk' },
  DYNAMODB_ENDPOINT: { schema: z.url({ protocol: /^https?$/ }).optional(), accepts: 'an http or https URL', what: 'in place of the public one of AWS_REGION' },
  DYNAMODB_TABLE_PREFIX: { schema: name.default('ringmaster-'), accepts: NAME_TEXT, what: 'begins the names of both tables' },
  AWS_REGION: { schema: z.string().regex(/^[a-z0-9-]{3,32}$/).optional(), accepts: 'a region such as eu-central-1', what: 'of DynamoDB and MSK' },
  REDIS_URL: { schema: z.url({ protocol: /^rediss?$/ }).optional(), accepts: 'redis://host:port or rediss://…', what: 'membership and cache', secret: true },
  REDIS_PREFIX: { schema: z.string().min(1).max(64).default('ringmaster:'), accepts: 'up to 64 characters', what: 'begins every key; clusters that share a Redis need different ones' },
  ADVERTISE: { schema: address.optional(), accepts: 'host:port', what: 'where routers and other nodes reach this node; the interface and port it listens on, if absent' },
} as const satisfies Readonly<Record<string, Variable>>;

export interface ClusterConfig {
  readonly kafka: {
    readonly brokers: readonly string[];
    readonly topic: string;
    readonly client: (typeof kafkaClients)[number];
    readonly tls: boolean | KafkaTls;
    readonly sasl?: KafkaSasl;
    readonly dev: boolean;
  };
  readonly dynamo: { readonly endpoint?: string; readonly region?: string; readonly tablePrefix: string };
  readonly redis: { readonly url: string; readonly keyPrefix: string };
  readonly advertise: string | undefined;
}

export type ClusterValue = <K extends keyof typeof clusterVariables>(variable: K) => z.infer<(typeof clusterVariables)[K]['schema']>;

/** @returns undefined for the embedded backend. Puts what is missing into `wrong`. */
export function clusterConfig(value: ClusterValue, wrong: string[]): ClusterConfig | undefined {
  if (value('BACKEND') !== 'distributed') return undefined;
  const needed = <T>(variable: keyof typeof clusterVariables, given: T | undefined, why: string): T | undefined => {
    if (given === undefined) wrong.push(`${variable} is missing: it is needed ${why}. It takes ${clusterVariables[variable].accepts}`);
    return given;
  };
  const brokers = needed('KAFKA_BROKERS', value('KAFKA_BROKERS'), 'where BACKEND is distributed') ?? [];
  const url = needed('REDIS_URL', value('REDIS_URL'), 'where BACKEND is distributed') ?? '';
  const [endpoint, region] = [value('DYNAMODB_ENDPOINT'), value('AWS_REGION')];
  if (endpoint === undefined) needed('AWS_REGION', region, 'unless DYNAMODB_ENDPOINT is given');
  const sasl = saslOf(value, needed);
  return {
    kafka: { brokers, topic: value('KAFKA_TOPIC'), client: value('KAFKA_CLIENT'), tls: tlsOf(value, wrong), dev: value('KAFKA_DEV') === '1', ...(sasl === undefined ? {} : { sasl }) },
    dynamo: { tablePrefix: value('DYNAMODB_TABLE_PREFIX'), ...(endpoint === undefined ? {} : { endpoint }), ...(region === undefined ? {} : { region }) },
    redis: { url, keyPrefix: value('REDIS_PREFIX') },
    advertise: value('ADVERTISE'),
  };
}

function tlsOf(value: ClusterValue, wrong: string[]): boolean | KafkaTls {
  const [ca, cert, key] = [value('KAFKA_TLS_CA'), value('KAFKA_TLS_CERT'), value('KAFKA_TLS_KEY')];
  if ((cert === undefined) !== (key === undefined)) wrong.push('KAFKA_TLS_CERT and KAFKA_TLS_KEY belong together: one of them is missing');
  const files = { ...(ca === undefined ? {} : { ca }), ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) };
  const isBare = Object.keys(files).length === 0;
  if (value('KAFKA_TLS') === '1') return isBare || files;
  if (!isBare) wrong.push('KAFKA_TLS is 0, and files for it are given (KAFKA_TLS_CA, KAFKA_TLS_CERT, KAFKA_TLS_KEY): it takes 1');
  return false;
}

function saslOf(value: ClusterValue, needed: (variable: keyof typeof clusterVariables, given: string | undefined, why: string) => string | undefined): KafkaSasl | undefined {
  const mechanism = value('KAFKA_SASL');
  if (mechanism === undefined) return undefined;
  const why = `for KAFKA_SASL=${mechanism}`;
  if (mechanism === 'aws-msk-iam') return { mechanism, region: needed('AWS_REGION', value('AWS_REGION'), why) ?? '' };
  return { mechanism, username: needed('KAFKA_USERNAME', value('KAFKA_USERNAME'), why) ?? '', password: needed('KAFKA_PASSWORD', value('KAFKA_PASSWORD'), why) ?? '' };
}
