// Run from the sources with scripts/ts-hooks.mjs: starts the broker of the tests, says where it is, and ends with whoever started it, whose end closes stdin.
const { startKafka } = await import('../../test/services/kafka.ts');
const kafka = await startKafka();
console.log(`brokers ${kafka.addresses.join(',')}`);
process.stdin.once('end', () => void kafka.stop().then(() => process.exit()));
process.stdin.resume();
