/** The parts of the Kafka journal that need no broker. */
import { describe, expect, jest, test } from '@jest/globals';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import { mskTokens } from '../../../src/adapters/kafka/credentials.js';
import { parseAddress, TransportError } from '../../../src/adapters/kafka/client.js';
import { brokerError, meansMoved, readError, requestError } from '../../../src/adapters/kafka/errors.js';
import { firstAnswer } from '../../../src/adapters/kafka/hedge.js';
import { guardKafkajs } from '../../../src/adapters/kafka/kafkajs/idle-timer.js';
import { kafkajsSecurity } from '../../../src/adapters/kafka/kafkajs/security.js';
import { settle } from '../../../src/adapters/kafka/options.js';
import { seal, unsealPage } from '../../../src/adapters/kafka/seal.js';
import { platformaticSecurity } from '../../../src/adapters/platformatic/security.js';
import { SimTime } from '../../fakes/sim-time.js';
import { TestTopic } from './topics.js';

describe('options', () => {
  const given = new TestTopic(['127.0.0.1:9092']).options();

  test('defaults', () => {
    expect(settle(given)).toMatchObject({ clientId: 'ringmaster', connectTimeoutMs: 1_000, requestTimeoutMs: 2_000, replicationTimeoutMs: 1_500, hedgeMs: 300 });
  });

  test.each([
    ['no brokers', { brokers: [] }, 'no Kafka broker is named'],
    ['a leader that has no time to answer', { replicationTimeoutMs: 2_000 }, 'replicationTimeoutMs must be below requestTimeoutMs'],
    ['IAM without TLS', { sasl: { mechanism: 'aws-msk-iam', region: 'eu-west-1' } } as const, 'aws-msk-iam needs TLS'],
  ])('%s', (_name, more, message) => {
    expect(() => settle({ ...given, ...more })).toThrow(message);
  });

  test('addresses', () => {
    expect(parseAddress('b-1.kafka.example:9098')).toEqual({ host: 'b-1.kafka.example', port: 9098 });
    expect(parseAddress(' [::1]:9092 ')).toEqual({ host: '::1', port: 9092 });
    for (const bad of ['', 'host', 'host:', 'host:0', 'host:70000', ':9092', 'a:b:1', 'kafka://a:1']) expect(() => parseAddress(bad)).toThrow('host:port');
  });
});

describe('TLS and SASL for kafkajs', () => {
  test('nothing, and TLS', () => {
    expect(kafkajsSecurity({})).toEqual({});
    expect(kafkajsSecurity({ tls: false })).toEqual({});
    expect(kafkajsSecurity({ tls: true })).toEqual({ ssl: {} });
    expect(kafkajsSecurity({ tls: { ca: 'CA', cert: 'CERT', key: 'KEY', servername: 'kafka' } })).toEqual({ ssl: { ca: 'CA', cert: 'CERT', key: 'KEY', servername: 'kafka' } });
  });

  test.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)('%s', (mechanism) => {
    expect(kafkajsSecurity({ sasl: { mechanism, username: 'u', password: 'p' } })).toEqual({ sasl: { mechanism, username: 'u', password: 'p' } });
  });

  test('aws-msk-iam: a fresh token of the region for each authentication', async () => {
    const regions: string[] = [];
    const signer = { generateAuthToken: ({ region }: { readonly region: string }) => Promise.resolve({ token: `token ${regions.push(region)}` }) };
    const { sasl } = kafkajsSecurity({ sasl: { mechanism: 'aws-msk-iam', region: 'eu-west-1' } }, () => Promise.resolve(signer));
    if (sasl?.mechanism !== 'oauthbearer') throw new Error('not oauthbearer');
    expect([await sasl.oauthBearerProvider(), await sasl.oauthBearerProvider()]).toEqual([{ value: 'token 1' }, { value: 'token 2' }]);
    expect(regions).toEqual(['eu-west-1', 'eu-west-1']);
  });

  test('the signer is the one of AWS: it signs with the credentials of the process', async () => {
    jest.replaceProperty(process, 'env', { ...process.env, AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' });
    const url = Buffer.from(await mskTokens('eu-west-1')(), 'base64url').toString();
    jest.restoreAllMocks();
    expect(url).toMatch(/^https:\/\/kafka\.eu-west-1\.amazonaws\.com\/\?Action=kafka-cluster%3AConnect&.*X-Amz-Signature=/);
  });
});

describe('TLS and SASL for @platformatic/kafka', () => {
  test('nothing, and TLS with the name that was dialled or the one given', () => {
    expect(platformaticSecurity({}, 'k')).toEqual({});
    expect(platformaticSecurity({ tls: true }, 'k')).toEqual({ tls: {}, tlsServerName: 'k' });
    expect(platformaticSecurity({ tls: true }, '127.0.0.1')).toEqual({ tls: {} });
    expect(platformaticSecurity({ tls: { ca: 'CA', servername: 'kafka' } }, '127.0.0.1')).toEqual({ tls: { ca: 'CA', servername: 'kafka' }, tlsServerName: 'kafka' });
  });

  test.each([['plain', 'PLAIN'], ['scram-sha-256', 'SCRAM-SHA-256'], ['scram-sha-512', 'SCRAM-SHA-512']] as const)('%s', (mechanism, theirs) => {
    expect(platformaticSecurity({ sasl: { mechanism, username: 'u', password: 'p' } }, 'k')).toEqual({ sasl: { mechanism: theirs, username: 'u', password: 'p' } });
  });

  test('aws-msk-iam', async () => {
    const { sasl } = platformaticSecurity({ sasl: { mechanism: 'aws-msk-iam', region: 'eu-west-1' } }, 'k', () => Promise.resolve({ generateAuthToken: ({ region }) => Promise.resolve({ token: region }) }));
    expect(sasl?.mechanism).toBe('OAUTHBEARER');
    expect(typeof sasl?.token === 'function' && (await sasl.token())).toBe('eu-west-1');
  });
});

describe('errors', () => {
  test.each([
    [6, 'unknown', 'JOURNAL_NOT_LEADER'],
    [3, 'unknown', 'JOURNAL_NOT_LEADER'],
    [7, 'unknown', 'JOURNAL_TIMEOUT'],
    [19, 'unknown', 'JOURNAL_UNDER_REPLICATED'],
    [20, 'unknown', 'JOURNAL_UNDER_REPLICATED'],
    [34, 'unknown', 'JOURNAL_UNAUTHENTICATED'],
    [58, 'unknown', 'JOURNAL_UNAUTHENTICATED'],
    [56, 'unknown', 'JOURNAL_IO'],
    [9_999, 'unknown', 'JOURNAL_ERROR'],
    [10, 'permanent', 'JOURNAL_TOO_LARGE'],
    [18, 'permanent', 'JOURNAL_TOO_LARGE'],
    [29, 'permanent', 'JOURNAL_FORBIDDEN'],
    [31, 'permanent', 'JOURNAL_FORBIDDEN'],
    [87, 'permanent', 'JOURNAL_REFUSED'],
  ])('code %i is %s %s', (code, kind, name) => {
    expect(brokerError(code, 'append')).toMatchObject({ kind, code: name });
  });

  test('damage: on the way it is tried again, in the log it halts', () => {
    expect(brokerError(2, 'append')).toMatchObject({ kind: 'unknown', code: 'JOURNAL_IO' });
    expect(readError(2, 'read')).toMatchObject({ kind: 'corrupt', code: 'JOURNAL_CORRUPT' });
  });

  test('who may lead elsewhere is asked for again', () => {
    expect([3, 5, 6, 56, 74].every(meansMoved)).toBe(true);
    expect([7, 10, 19, 29].some(meansMoved)).toBe(false);
  });

  test.each([['timeout', 'JOURNAL_TIMEOUT'], ['network', 'JOURNAL_NETWORK'], ['authentication', 'JOURNAL_UNAUTHENTICATED'], ['certificate', 'JOURNAL_UNTRUSTED']] as const)('a connection: %s', (kind, code) => {
    expect(requestError(new TransportError(kind, 'x'), 'append')).toMatchObject({ kind: 'unknown', code, message: 'append: x' });
  });
});

describe('asking several brokers', () => {
  const never = () => new Promise<string>(() => undefined);

  test('the next one is asked when one fails, or says nothing for a while', async () => {
    const time = new SimTime();
    let asked = 0;
    const answer = firstAnswer([() => Promise.reject(new Error('down')), never, () => Promise.resolve(`asked ${++asked}`)], 300, time);
    await time.advance(299);
    expect(asked).toBe(0);
    await time.advance(1);
    expect(await answer).toBe('asked 1');
  });

  test('all have failed: the last error', async () => {
    const asks = ['a', 'b'].map((name) => () => Promise.reject(new Error(name)));
    await expect(firstAnswer(asks, 300, new SimTime())).rejects.toThrow('b');
    await expect(firstAnswer([], 300, new SimTime())).rejects.toThrow('nobody to ask');
  });
});

describe('the seal of a record', () => {
  const sealed = (offset: number, value: string) => ({ offset, ...seal(Buffer.from(value)) });

  test('pages begin where they should, and hold one record at least', () => {
    const fetched = [sealed(3, 'aa'), sealed(4, 'bb'), sealed(5, 'cc')];
    const offsets = (page: ReturnType<typeof unsealPage>) => (typeof page === 'string' ? page : page.map(({ offset }) => offset));
    expect(offsets(unsealPage(fetched, 4, 100))).toEqual([4, 5]);
    expect(offsets(unsealPage(fetched, 3, 1))).toEqual([3]);
    expect(offsets(unsealPage(fetched, 3, 4))).toEqual([3, 4]);
  });

  test('a flipped bit, a hole and a foreign record are told', () => {
    const flipped = sealed(3, 'aa');
    flipped.value[0]! ^= 1;
    expect(unsealPage([flipped], 3, 100)).toBe('offset 3 fails its checksum');
    expect(unsealPage([sealed(3, 'a'), sealed(5, 'b')], 3, 100)).toBe('offset 4 is missing, 5 comes next');
    expect(unsealPage([{ offset: 3, key: null, value: Buffer.from('x') }], 3, 100)).toBe('offset 3 is not a record of this journal');
    expect(unsealPage([{ offset: 3, key: Buffer.alloc(4), value: null }], 3, 100)).toBe('offset 3 is not a record of this journal');
  });
});

describe('the idle timer of kafkajs', () => {
  const queue = () => {
    const logger = { debug: () => undefined, warn: () => undefined };
    return new RequestQueue({ maxInFlightRequests: 1, requestTimeout: 1_000, enforceRequestTimeout: false, clientId: 'x', broker: 'x', logger });
  };
  const request = { entry: { correlationId: 1 }, expectResponse: true, sendRequest: () => undefined };

  test('any other version is refused by name', () => {
    expect(() => {
      guardKafkajs('2.2.5');
    }).toThrow('kafkajs 2.2.5 is installed, and the Kafka journal knows the inside of 2.2.4 alone');
  });

  test('without the guard an idle queue arms a timer for ever; with it, none', () => {
    const timeouts = jest.spyOn(globalThis, 'setTimeout');
    const before = queue();
    before.checkPendingRequests();
    expect(timeouts).toHaveBeenCalledTimes(1);
    before.destroy();

    guardKafkajs();
    guardKafkajs();
    timeouts.mockClear();
    const idle = queue();
    for (let i = 0; i < 100; i += 1) idle.checkPendingRequests();
    expect(timeouts).not.toHaveBeenCalled();

    idle.throttledUntil = Date.now() + 5_000;
    idle.push(request);
    expect(timeouts).toHaveBeenCalledTimes(1); // what waits is still looked after
    expect(timeouts.mock.calls[0]?.[1]).toBeGreaterThan(0);
    idle.destroy();
    timeouts.mockRestore();
  });
});
