import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { clientExamples, okExamples } from '../../src/player/client-examples.js';
import { clientMessages, type ClientType } from '../../src/player/client-messages.js';
import { decodeClientFrame } from '../../src/player/codec.js';
import { serverExamples } from '../../src/player/server-examples.js';
import { serverFrameSchema, serverMessages, type ServerPayload, type ServerType } from '../../src/player/server-messages.js';

const utf8 = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const payload = <T extends ServerType>(t: T): ServerPayload<T> => (serverExamples[t] as { d: ServerPayload<T> }).d;

test.each(Object.keys(clientMessages) as ClientType[])('command %s', (t) => {
  const example = clientExamples[t] as { t: string; id: number; d?: object };
  expect(decodeClientFrame(utf8(example))).toEqual({ ok: true, id: example.id, t, d: example.d ?? {} });
  expect(example.t).toBe(t);
});

test.each(Object.entries(okExamples))('ok to %s', (t, example) => {
  expect(serverFrameSchema('ok', 'reply').parse(example)).toEqual(example);
  const schema = clientMessages[t as keyof typeof okExamples].ok;
  expect(schema.parse((example as { d: object }).d)).toEqual((example as { d: object }).d);
});

test.each(Object.keys(serverMessages) as ServerType[])('message %s', (t) => {
  const stream = serverMessages[t].streams[0];
  expect(serverFrameSchema(t, stream).parse(serverExamples[t])).toEqual(serverExamples[t]);
});

describe('the examples keep what the protocol promises', () => {
  test('the commitment is that of key and salt', () => {
    const { key, salt } = payload('question.revealed');
    expect(createHmac('sha256', Buffer.from(salt, 'hex')).update(JSON.stringify(key)).digest('hex')).toBe(payload('question.preview').commit);
  });

  test('the standings\' hash is that of the rows', () => {
    const [ada, bob] = payload('session.finished').podium;
    const rows = [[1, ada?.playerId, ada?.score, 1, payload('me.result').elapsedMs], [2, bob?.playerId, bob?.score, 0, 0]];
    expect(createHash('sha256').update(JSON.stringify(rows)).digest('hex')).toBe(payload('session.finished').standingsHash);
  });

  test('the error is the catalogue\'s', () => {
    expect(payload('err')).toMatchObject({ code: 300, name: 'QUESTION_NOT_OPEN' });
  });
});
