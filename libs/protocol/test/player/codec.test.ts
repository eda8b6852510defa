import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readAnswerSubmit } from '../../src/player/answer-submit.js';
import { answerSubmitSchema, clientTypes } from '../../src/player/client-messages.js';
import { decodeClientFrame, encodeCommand } from '../../src/player/codec.js';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string) => decodeClientFrame(utf8(text));

describe('100: no frame', () => {
  test.each([
    '', ' ', '{', 'null', '[]', '"hello"', '17', 'true', 'undefined', '{"t":"sync"}', '{"t":"sync","id":null}', '{"t":"sync","id":"1"}', '{"t":"sync","id":-1}',
    '{"t":"sync","id":1.5}', '{"t":"sync","id":4294967296}', '{"t":"sync","id":1e999}', '\ufeff{"t":"resync","id":1}', '{"t":"resync","id":1}{}', "{'t':1}",
    '{"t":"sync","id":[1]}',
  ])('%j, and no id', (text) => {
    expect(read(text)).toEqual({ ok: false, code: 100 });
  });

  test.each(['{"id":7}', '{"t":null,"id":7}', '{"t":["hello"],"id":7}', '{"t":5,"id":7,"d":{}}'])('%j, with its id', (text) => {
    expect(read(text)).toEqual({ ok: false, code: 100, id: 7 });
  });

  test('bytes that are no UTF-8', () => {
    const bytes = utf8('{"t":"nickname.set","id":1,"d":{"nickname":"?"}}');
    bytes[bytes.indexOf('?'.charCodeAt(0))] = 0xff;
    expect(decodeClientFrame(bytes)).toEqual({ ok: false, code: 100 });
  });

  test.each(['[', '{"a":', '{"t":"resync","id":1,"d":['])('nested 100,000 deep: %s', (open) => {
    expect(read(open.repeat(100_000))).toEqual({ ok: false, code: 100 });
  });
});

test.each(['nope', '', '__proto__', 'constructor', 'hasOwnProperty', 'HELLO', 'ok'])('101: t %j', (t) => {
  expect(read(JSON.stringify({ t, id: 3, d: {} }))).toEqual({ ok: false, code: 101, id: 3 });
});

describe('102: d does not fit', () => {
  const hello = (d: string) => `{"t":"hello","id":9,"d":${d}}`;
  const answer = (d: string) => `{"t":"answer.submit","id":9,"d":${d}}`;
  const host = (d: string) => `{"t":"host.cmd","id":9,"d":${d}}`;
  test.each([
    '{"t":"hello","id":9}', hello('null'), hello('[]'), hello('"x"'), hello('{"role":"admin"}'), hello('{"role":"player","nickname":5}'),
    hello('{"role":"player","nickname":null}'), hello('{"role":"player","joinId":""}'), hello(`{"role":"player","joinId":"${'x'.repeat(65)}"}`),
    hello('{"role":"player","resume":{"token":"t","e":"e","s":1}}'), hello('{"role":"player","resume":{"token":"t","e":"e","s":-1,"p":0}}'),
    hello('{"role":"player","resume":{"token":"t","e":"e","s":9007199254740993,"p":0}}'), hello('{"role":"player","client":{"name":"x"}}'),
    answer('{"answerId":"a","qid":"q1"}'), answer('{"answerId":"a","qid":"q1","value":null}'), answer('{"answerId":"a","qid":"q1","value":{"a":1}}'),
    answer('{"answerId":"a","qid":"q1","value":["a",1]}'), answer('{"answerId":"a","qid":"q1","value":[["a"]]}'), answer('{"answerId":"","qid":"q1","value":"b"}'),
    answer('{"answerId":7,"qid":"q1","value":"b"}'), answer('{"answerId":"\\ud800","qid":"q1","value":"b"}'), answer(`{"answerId":"${'x'.repeat(65)}","qid":"q1","value":"b"}`),
    answer('["a","q1","b"]'), '{"t":"nickname.set","id":9,"d":{}}', '{"t":"sync","id":9,"d":{"t0":1e999}}', '{"t":"sync","id":9,"d":{"t0":"1"}}',
    '{"t":"resync","id":9,"d":null}', '{"t":"leave","id":9,"d":[]}', host('{"cmd":"start"}'), host('{"cmdId":"1","cmd":"explode"}'), host('{"cmdId":"1","cmd":"extend"}'),
    host('{"cmdId":"1","cmd":"extend","args":{"ms":0}}'), host('{"cmdId":"1","cmd":"extend","args":{"ms":240001}}'), host('{"cmdId":"1","cmd":"extend","args":{"ms":1.5}}'),
    host('{"cmdId":"1","cmd":"kick","args":{}}'), host('{"cmdId":"1","cmd":"void"}'), host('{"cmdId":"1","cmd":"next","ifSeq":-1}'), host('{"cmdId":"1","cmd":"next","args":[]}'),
  ])('%s', (text) => {
    expect(read(text)).toEqual({ ok: false, code: 102, id: 9, detail: expect.stringMatching(/^d/) });
  });
});

describe('what is read', () => {
  test('a missing d is {}', () => {
    expect(read('{"t":"leave","id":0}')).toEqual({ ok: true, id: 0, t: 'leave', d: {} });
  });

  test('the largest id, -0 as 0, 2e1 as 20', () => {
    expect(['4294967295', '-0', '2e1'].map((id) => read(`{"t":"resync","id":${id}}`))).toEqual([4294967295, 0, 20].map((id) => ({ ok: true, id, t: 'resync', d: {} })));
  });

  test('unknown fields are left out, of d and of the frame; of a field given twice the last counts', () => {
    expect(read('{"t":"answer.submit","id":1,"x":1,"__proto__":{"y":1},"d":{"answerId":"a","qid":"q0","qid":"q1","value":true,"isHost":true,"__proto__":{"z":1}}}')).toStrictEqual({
      ok: true, id: 1, t: 'answer.submit', d: { answerId: 'a', qid: 'q1', value: true },
    });
    expect(read('{"t":"host.cmd","id":1,"d":{"cmdId":"1","cmd":"start","args":{"x":1},"y":2}}')).toStrictEqual({
      ok: true, id: 1, t: 'host.cmd', d: { cmdId: '1', cmd: 'start', args: {} },
    });
  });

  test.each(['"b"', '""', '["a","b"]', '[]', 'false', '12.5', '-0.1', `"${'x'.repeat(600)}"`])('an answer\'s value is any shape that some question has: %s', (value) => {
    expect(read(`{"t":"answer.submit","id":1,"d":{"answerId":"a","qid":"q","value":${value}}}`)).toMatchObject({ ok: true, d: { value: JSON.parse(value) } });
  });

  test('1e999 is a number too, for the question to refuse', () => {
    expect(read('{"t":"answer.submit","id":1,"d":{"answerId":"a","qid":"q","value":1e999}}')).toMatchObject({ ok: true, d: { value: Infinity } });
  });

  test('text with a lone surrogate is text; the domain judges nicknames and answers', () => {
    expect(read('{"t":"nickname.set","id":1,"d":{"nickname":"\\udfff"}}')).toMatchObject({ ok: true, d: { nickname: '\udfff' } });
  });

  test('what encodeCommand writes', () => {
    expect(decodeClientFrame(encodeCommand('sync', 4, { t0: 1.5 }))).toEqual({ ok: true, id: 4, t: 'sync', d: { t0: 1.5 } });
    expect(decodeClientFrame(encodeCommand('hello', 1, { role: 'player', nickname: 'Żółć 👩‍🚀' }))).toMatchObject({ ok: true, d: { nickname: 'Żółć 👩‍🚀' } });
  });
});

const oddText = fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 70 }), fc.string({ minLength: 60, maxLength: 70 }), fc.constantFrom('\ud800', 'a\udc00', '😀'));
const oddValue = fc.oneof(oddText, fc.array(oddText), fc.boolean(), fc.double(), fc.integer(), fc.constant(null), fc.jsonValue(), fc.array(fc.jsonValue()));

describe('properties', () => {
  test('the hand-written check of an answer and its schema say the same', () => {
    const likely = fc.record({ answerId: oddText, qid: oddText, value: oddValue, extra: fc.jsonValue() }, { requiredKeys: [] });
    fc.assert(
      fc.property(fc.oneof({ weight: 5, arbitrary: likely }, { weight: 1, arbitrary: fc.jsonValue() }), (d) => {
        const bySchema = answerSubmitSchema.safeParse(d);
        expect(readAnswerSubmit(d)).toEqual(bySchema.success ? bySchema.data : null);
      }),
      { numRuns: 5000 },
    );
  });

  test('any bytes: an answer, never an exception', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), oddText.map(utf8), fc.json().map(utf8)), (bytes) => {
        const decoded = decodeClientFrame(bytes);
        expect(decoded.ok || [100, 101, 102].includes(decoded.code)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test('any d of any t: what is accepted is accepted again as it was read, what is refused is 102 with its id', () => {
    const d = fc.oneof(fc.jsonValue(), fc.record({ role: fc.constantFrom('player', 'host', 5), nickname: oddValue, t0: fc.double(), cmdId: oddText, cmd: fc.constantFrom('start', 'kick', 'x'), args: oddValue }, { requiredKeys: [] }));
    fc.assert(
      fc.property(fc.constantFrom(...clientTypes), fc.nat(), d, (t, id, payload) => {
        const decoded = read(JSON.stringify({ t, id, d: payload }));
        if (decoded.ok) expect(read(JSON.stringify({ t, id, d: decoded.d }))).toEqual(decoded);
        else expect(decoded).toMatchObject({ code: 102, id });
      }),
      { numRuns: 3000 },
    );
  });
});
