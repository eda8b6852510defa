/**
 * `npm run setup`: makes topic and tables of a cluster, or checks those that are there; as often as one likes. It takes the variables of the node, and means by them what the node means.
 * Exit codes: 0 all is as it should be, 1 nobody answers, 2 the configuration, or what is there, cannot be used, or does not let us in.
 */
import { StoreSetupError } from '@ringmaster/actors/adapters/dynamodb/store';
import { isKeptOut, KafkaTopicError } from '@ringmaster/actors/adapters/kafka/kafkajs/journal';
import { keptOutHints } from '../../quiz-node/src/cluster-config.js';
import { ConfigError, readConfig } from '../../quiz-node/src/config.js';
import { setUp } from './set-up.js';

const EXIT = { away: 1, unusable: 2 } as const;
const HELP = [
  'npm run setup: makes the Kafka topic and the DynamoDB tables of a cluster, or checks those that are there.',
  '',
  'It takes the variables of the quiz-node (node dist/apps/quiz-node/src/main.js --help): BACKEND=distributed, SHARDS, KAFKA_…, DYNAMODB_…, AWS_REGION, REDIS_URL.',
  'With KAFKA_DEV=1 the topic has one replica, else three.',
].join('\n');

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  if (process.argv.includes('--help') || process.argv.includes('-h')) return say(HELP);
  const { cluster, shards } = readConfig(process.env);
  if (cluster === undefined) throw new ConfigError('BACKEND is embedded: there is nothing to set up. It takes distributed');
  await setUp(cluster, shards, say);
}

await main().catch((error: unknown) => {
  const unusable = error instanceof ConfigError || error instanceof KafkaTopicError || error instanceof StoreSetupError || isKeptOut(error);
  const message = isKeptOut(error) ? `${error.code}: ${error.message}. ${keptOutHints[error.code] ?? ''}` : error instanceof Error ? error.message : String(error);
  process.stderr.write(`setup: ${message}\n`);
  process.exitCode = unusable ? EXIT.unusable : EXIT.away;
});
