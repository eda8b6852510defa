import { Parser } from '@asyncapi/parser';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { asyncApiDocument } from '../src/asyncapi.js';
import { closeCodes } from '../src/close-codes.js';
import { errorCodes } from '../src/error-codes.js';
import { defaultLimits } from '../src/limits.js';
import { clientMessages } from '../src/player/client-messages.js';
import { serverMessages } from '../src/player/server-messages.js';

interface Document {
  info?: object;
  operations: Record<string, { action: string; messages: { $ref: string }[] }>;
  components: { messages: Record<string, { payload: object; examples: { payload: object }[] }> };
  'x-error-codes': object[];
  'x-close-codes': object[];
}
const document = asyncApiDocument({ version: '1.2.3', host: 'localhost:8080', secure: false, limits: defaultLimits }) as unknown as Document;
/** The document with one thing changed. */
const changed = (change: (copy: Document) => void): string => {
  const copy = structuredClone(document);
  change(copy);
  return JSON.stringify(copy);
};
/** What the official parser finds wrong; 0 = error, 1 = warning. That 3.1.0 exists is information. */
const findings = async (text: string): Promise<string[]> => {
  const diagnostics = await new Parser().validate(text);
  return diagnostics.filter(({ severity }) => severity <= 1).map(({ code, path, message }) => `${String(code)} ${path.join('/')}: ${message}`);
};

describe('asyncApiDocument', () => {
  test('is a valid AsyncAPI 3.0 document, without a warning', async () => {
    expect(await findings(JSON.stringify(document))).toEqual([]);
  });

  test('the validator would have seen a missing field and a dangling reference', async () => {
    expect(await findings(changed((copy) => delete copy.info))).not.toEqual([]);
    const dangling = changed((copy) => Object.assign(copy.operations['receive.sync'] ?? {}, { messages: [{ $ref: '#/channels/play/messages/none' }] }));
    expect(await findings(dangling)).not.toEqual([]);
  });

  test.each(Object.entries(document.components.messages))('%s: its JSON Schema takes the example, unknown fields too, and refuses another t', (_name, { payload, examples }) => {
    const accepts = new Ajv({ strict: false }).compile(payload);
    for (const example of examples) {
      expect(accepts(example.payload) ? [] : accepts.errors).toEqual([]);
      expect(accepts({ ...example.payload, unknown: 1 })).toBe(true);
      expect(accepts({ ...example.payload, t: 'other' })).toBe(false);
    }
  });

  test('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });

  test('has every command with its ok, every message, every code', () => {
    const commands = Object.keys(clientMessages);
    const oks = commands.filter((t) => t !== 'hello').map((t) => `ok.${t}`);
    const sent = Object.keys(serverMessages).filter((t) => t !== 'ok');
    const { components, operations } = document;
    expect(Object.keys(components.messages).sort()).toEqual([...commands, ...oks, ...sent].sort());
    const received = Object.values(operations).filter(({ action }) => action === 'receive');
    expect(received).toHaveLength(commands.length);
    const streamed = Object.values(operations).filter(({ action }) => action === 'send').flatMap(({ messages }) => messages.map(({ $ref }) => $ref.split('/').at(-1)));
    expect([...new Set(streamed), 'err', 'welcome'].sort()).toEqual(sent.sort());
    expect(document['x-error-codes']).toHaveLength(Object.keys(errorCodes).length);
    expect(document['x-close-codes']).toHaveLength(Object.keys(closeCodes).length);
  });
});
