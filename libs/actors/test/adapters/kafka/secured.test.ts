/** TLS and SASL on a real broker: who gets in works as without, who does not is told why, at once. */
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { KafkaOptions, KafkaSasl } from '@ringmaster/actors/adapters/kafka/kafkajs/journal';
import { isKeptOut } from '../../../src/adapters/kafka/errors.js';
import { describeWithServers } from '../../../../../test/services/describe-with-servers.js';
import { startKafka, type RunningKafka } from '../../../../../test/services/kafka.js';
import { KNOWN } from '../../../../../test/services/kafka-secured.js';
import { bytes, text } from '../../contract/bytes.js';
import { clients, PATIENT, START_MS_MAX, TestTopic } from './topics.js';

const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
/** One attempt; on a busy machine it takes its time. */
const AT_ONCE_MS = 15_000;

describeWithServers(['own kafka', 'keytool'], 'a broker that wants to know who comes', () => {
  let kafka: RunningKafka;
  let secured: NonNullable<RunningKafka['secured']>;
  let ca: string;
  beforeAll(async () => {
    kafka = await startKafka({ secured: true });
    secured = kafka.secured!;
    ca = readFileSync(secured.certificates.ca, 'utf8');
  }, START_MS_MAX);
  afterAll(() => kafka?.stop());

  const known = (mechanism: (typeof mechanisms)[number] = 'scram-sha-512'): KafkaSasl => ({ mechanism, ...KNOWN });
  const bySasl = (sasl: KafkaSasl): Partial<KafkaOptions> => ({ ...PATIENT, brokers: [secured.sasl], tls: { ca }, sasl });
  const pem = (path: string): string => readFileSync(path, 'utf8');

  describe.each(clients)('$name', (client) => {
    let topic: TestTopic;
    let warnings: Error[];
    const warned = (warning: Error): void => void warnings.push(warning);
    beforeEach(() => {
      warnings = [];
      process.on('warning', warned);
      topic = new TestTopic(kafka.addresses, 4, client);
    });
    afterEach(async () => {
      await topic.close();
      process.off('warning', warned);
      expect(warnings).toEqual([]);
    });

    /** The contract in short: the rest of it knows nothing of who came in how. */
    const works = async (more: Partial<KafkaOptions>): Promise<void> => {
      await topic.make(more);
      const journal = await topic.open(more);
      expect(await journal.append(0, ['a', 'b', 'c'].map(bytes))).toBe(0);
      expect(await journal.append(0, [bytes('d')])).toBe(3);
      await Promise.all([1, 2, 3].map((shard) => journal.append(shard, [bytes(String(shard))])));
      await journal.trim(0, 2);
      expect((await journal.ends([0, 1])).get(0)).toEqual({ start: 2, end: 4 });
      const again = await topic.open(more);
      expect((await again.read(0, 2, 1_000)).records.map((record) => text(record.bytes))).toEqual(['c', 'd']);
      expect((await again.read(3, 0, 1_000)).records.map((record) => text(record.bytes))).toEqual(['3']);
    };

    test.each(mechanisms)('TLS and %s: a topic is made, appended to, read, looked at and trimmed', (mechanism) => works(bySasl(known(mechanism))));

    test('a broker that is known by name', () => works({ ...bySasl(known()), brokers: [secured.sasl.replace('127.0.0.1', 'localhost')] }));

    test('TLS with a certificate of the client', () =>
      works({ ...PATIENT, brokers: [secured.mutual], tls: { ca, cert: pem(secured.certificates.client.cert), key: pem(secured.certificates.client.key) } }));

    /** @returns the message of the error that it ends with, at once. */
    const refused = async (code: string, more: Partial<KafkaOptions>): Promise<string> => {
      const began = performance.now();
      const error = await topic.open(more).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(performance.now() - began).toBeLessThan(AT_ONCE_MS);
      expect(error).toMatchObject({ name: 'JournalError', kind: 'unknown', code });
      expect(isKeptOut(error)).toBe(code !== 'JOURNAL_NETWORK');
      const { message } = error as Error;
      expect(message).toContain(more.brokers![0]);
      expect(message).not.toMatch(/\n\s+at /);
      return message;
    };

    test.each(mechanisms)('a wrong password, %s', async (mechanism) => {
      const message = await refused('JOURNAL_UNAUTHENTICATED', bySasl({ mechanism, username: KNOWN.username, password: 'not-this-one' }));
      expect(message).toMatch(/authentication failed/i);
      expect(message).not.toContain('not-this-one');
    });

    test('somebody whom the broker does not know', async () => {
      await refused('JOURNAL_UNAUTHENTICATED', bySasl({ mechanism: 'scram-sha-512', username: 'eve', password: KNOWN.password }));
    });

    test.each(['of the system', 'of somebody else'])('an authority that has not vouched for the broker: the one %s', async (whose) => {
      const tls = whose === 'of the system' ? true : { ca: pem(secured.certificates.strangerCa) };
      expect(await refused('JOURNAL_UNTRUSTED', { ...bySasl(known()), tls })).toContain('unable to verify the first certificate');
    });

    test('a broker of another name than its certificate says', async () => {
      expect(await refused('JOURNAL_UNTRUSTED', { ...bySasl(known()), tls: { ca, servername: 'kafka.example' } })).toContain('kafka.example');
    });

    test('no certificate where the broker asks for one', async () => {
      await refused('JOURNAL_UNTRUSTED', { ...PATIENT, brokers: [secured.mutual], tls: { ca } });
    });

    test.each(['plain spoken to TLS', 'TLS spoken to plain', 'SASL left out'])('%s: the broker closes the connection, and no more is known', async (what) => {
      const { brokers, tls, sasl, ...rest } = bySasl(known());
      const options = what === 'plain spoken to TLS' ? { brokers, sasl } : what === 'TLS spoken to plain' ? { brokers: kafka.addresses, tls, sasl } : { brokers, tls };
      await refused('JOURNAL_NETWORK', { ...rest, ...(options as Partial<KafkaOptions>) });
    });

    test('a connection that breaks on the way in is not taken for a refusal', async () => {
      await topic.make(bySasl(known()));
      const codes: string[] = [];
      for (let answers = 0; codes.at(-1) !== 'in'; answers++) {
        const proxy = createServer((socket) => {
          let left = answers;
          const broker: Socket = connect(Number(secured.sasl.split(':')[1]), '127.0.0.1');
          const end = (): void => {
            socket.destroy();
            broker.destroy();
          };
          for (const each of [socket, broker]) each.on('error', end).on('close', end);
          socket.pipe(broker);
          broker.on('data', (chunk: Buffer) => (left-- > 0 ? socket.write(chunk) : end()));
        });
        await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
        const { port } = proxy.address() as AddressInfo;
        codes.push(await topic.open({ ...bySasl(known()), brokers: [`127.0.0.1:${port}`] }).then(() => 'in', (error: { readonly code: string }) => error.code));
        proxy.close();
      }
      expect(codes.length).toBeGreaterThan(4); // TLS, versions, mechanisms, two steps of SCRAM
      expect(new Set(codes)).toEqual(new Set(['JOURNAL_NETWORK', 'in']));
    }, START_MS_MAX);
  });
});
