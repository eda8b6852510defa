import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { errorCodes } from '../../src/error-codes.js';
import { encodeControl, encodeErr, encodeHint, encodeOk, encodePrivate, encodeShared, encodeSnapshot, encodeWelcome } from '../../src/player/encode.js';
import { serverExamples } from '../../src/player/server-examples.js';
import { serverFrameSchema, serverMessages, type ServerPayload, type ServerType } from '../../src/player/server-messages.js';

const parse = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
interface AnyFrame { readonly re: number; readonly e: string; readonly s: number; readonly p: number; readonly at: number; readonly d: never }

/** The encoder of the message's first stream, applied to the example. */
const encodeExample = (t: ServerType): Uint8Array => {
  const { re, e, s, p, at, d } = serverExamples[t] as AnyFrame;
  const stream = serverMessages[t].streams[0];
  switch (stream) {
    case 'reply':
      return t === 'welcome' ? encodeWelcome(re, d) : encodeOk(re, d);
    case 'refusal':
      return encodeErr(re, (d as ServerPayload<'err'>).code, d);
    case 'shared':
      return encodeShared(t as 'leaderboard', e, s, at, d);
    case 'private':
      return encodePrivate(t as 'me.result', e, p, at, d);
    case 'hint':
      return encodeHint(t as 'lobby.updated', at, d);
    case 'snapshot':
      return encodeSnapshot(e, s, p, at, d);
    case 'control':
      return encodeControl(t as 'hb', d);
  }
};

test.each(Object.keys(serverMessages) as ServerType[])('%s is written as its example', (t) => {
  expect(parse(encodeExample(t))).toEqual(serverExamples[t]);
});

describe('err', () => {
  test.each(Object.values(errorCodes))('$code $name as the catalogue has it', ({ code, name, retry, msg }) => {
    const frame = parse(encodeErr(7, code));
    expect(frame).toEqual({ t: 'err', re: 7, d: { code, name, retry, msg } });
    expect(serverFrameSchema('err', 'refusal').parse(frame)).toEqual(frame);
  });

  test('without a readable id there is no re', () => {
    expect(parse(encodeErr(undefined, 100))).not.toHaveProperty('re');
  });

  test('the case may know more than the catalogue', () => {
    expect(parse(encodeErr(1, 300, { retry: true, retryAfterMs: 120 }))).toMatchObject({ d: { code: 300, retry: true, retryAfterMs: 120 } });
    const answered = { qid: 'q1', answerId: 'a', value: ['x'], receivedAt: 5 };
    expect(parse(encodeErr(1, 302, { answered }))).toMatchObject({ d: { retry: false, answered } });
  });

  test('a code that is not in the catalogue is a mistake of ours', () => {
    expect(() => encodeErr(1, 999)).toThrow(RangeError);
  });
});

test('a leaderboard as a hint has no number', () => {
  const frame = parse(encodeHint('leaderboard', 5, { revision: 1, of: 0, top: [] }));
  expect(frame).toEqual({ t: 'leaderboard', at: 5, d: { revision: 1, of: 0, top: [] } });
  expect(serverFrameSchema('leaderboard', 'hint').parse(frame)).toEqual(frame);
});

test('any text survives: quotes, line ends, lone surrogates, other scripts', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (e, reason) => {
      expect(parse(encodeShared('session.paused', e, 1, 2, { reason }))).toEqual({ t: 'session.paused', e, s: 1, at: 2, d: { reason } });
    }),
  );
  expect(parse(encodeShared('session.paused', '\ud800', 1, 2, { reason: '\udfff"\n\u2028' }))).toMatchObject({ e: '\ud800', d: { reason: '\udfff"\n\u2028' } });
});
