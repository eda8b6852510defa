// Run from the sources with scripts/ts-hooks.mjs: starts the broker of the tests, says where it is, and stays until it is ended.
import { setInterval } from 'node:timers';

const { startKafka } = await import('../../test/services/kafka.ts');
const kafka = await startKafka();
console.log(`brokers ${kafka.addresses.join(',')}`);
process.once('SIGTERM', () => void kafka.stop().then(() => process.exit()));
setInterval(() => undefined, 60_000);
