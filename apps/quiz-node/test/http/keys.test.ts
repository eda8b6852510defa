/** Who may call: keys from the environment and from a file, tokens of sessions, and answers sealed with the caller's own key. */
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { systemRandom } from '@ringmaster/actors/adapters/system/clock';
import { findKey, KeyFile, KeysError, localKey, parseKeyFile, sameDigest, scopes, sha256Hex } from '../../src/http/api-keys.js';
import { keySource } from '../../src/http/key-source.js';
import { openSealed, sealWith } from '../../src/http/sealed.js';
import { newToken, tokenKind } from '../../src/http/session-tokens.js';
import { keyEntry } from './node.js';

const folder = mkdtempSync(join(tmpdir(), 'ringmaster-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

let clock = 1_700_000_000;
/** Writes the file with another time than before, as an editor or a mounted secret would. */
function write(path: string, content: unknown): void {
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  clock += 1;
  utimesSync(path, clock, clock);
}

describe('a file of keys', () => {
  test('is read again when it changes, and kept when the change cannot be read', () => {
    const path = join(folder, 'keys.json');
    const complaints: string[] = [];
    write(path, [keyEntry('first', 'ann', ['quiz:read'])]);
    const file = new KeyFile(path, (message) => complaints.push(message));
    expect(findKey(file.current(), 'first')).toMatchObject({ owner: 'ann', scopes: ['quiz:read'] });
    write(path, [keyEntry('second', 'ann', ['quiz:read'])]);
    expect(findKey(file.current(), 'first')).toBeUndefined();
    expect(findKey(file.current(), 'second')).toBeDefined();
    write(path, '[{');
    expect(findKey(file.current(), 'second')).toBeDefined();
    file.current();
    expect(complaints).toHaveLength(1);
    rmSync(path);
    expect(findKey(file.current(), 'second')).toBeDefined();
    write(path, [keyEntry('third', 'bob', ['admin'])]);
    expect(findKey(file.current(), 'third')).toMatchObject({ owner: 'bob' });
  });

  test.each<[string, string, RegExp]>([
    ['no JSON', 'x', /is no JSON/],
    ['a digest that is none', JSON.stringify([{ ...keyEntry('k', 'o', ['admin']), sha256: 'abc' }]), /\/0\/sha256: takes 64/],
    ['an unknown scope', JSON.stringify([{ ...keyEntry('k', 'o', ['admin']), scopes: ['root'] }]), /\/0\/scopes\/0/],
    ['an unknown field', JSON.stringify([{ ...keyEntry('k', 'o', ['admin']), key: 'plain' }]), /\/0/],
  ])('%s is refused with the place', (_name, text, message) => {
    expect(() => parseKeyFile('keys.json', text)).toThrow(KeysError);
    expect(() => parseKeyFile('keys.json', text)).toThrow(message);
  });
});

describe('where keys come from', () => {
  const complain = (): void => undefined;

  test('without any, nobody could use the node', () => {
    expect(() => keySource({ hostApiKey: undefined, apiKeysFile: undefined }, complain)).toThrow(/HOST_API_KEY.*API_KEYS_FILE/);
    expect(() => keySource({ hostApiKey: undefined, apiKeysFile: join(folder, 'none.json') }, complain)).toThrow(KeysError);
  });

  test('the environment\'s key has all scopes, and stands beside the file\'s', () => {
    const path = join(folder, 'more.json');
    write(path, [keyEntry('more', 'ann', ['quiz:read'])]);
    const keys = keySource({ hostApiKey: 'the-host-key', apiKeysFile: path }, complain)();
    expect(findKey(keys, 'the-host-key')).toMatchObject({ owner: 'local', scopes });
    expect(findKey(keys, 'more')).toMatchObject({ owner: 'ann' });
    expect(findKey(keys, 'The-host-key')).toBeUndefined();
  });

  test('keys are kept as digests', () => {
    expect(JSON.stringify(localKey('the-host-key'))).not.toContain('the-host-key');
    expect(sameDigest(sha256Hex('a'), sha256Hex('a'))).toBe(true);
    expect(sameDigest(sha256Hex('a'), sha256Hex('b'))).toBe(false);
    expect(sameDigest(sha256Hex('a'), 'short')).toBe(false);
  });
});

test('a token says which session it is for, and has 256 bits besides', () => {
  const token = newToken('host', '7K3M9QRT', systemRandom);
  expect(tokenKind(token)).toEqual({ role: 'host', sessionId: '7K3M9QRT' });
  expect(Buffer.from(token.split('.')[2] ?? '', 'base64url')).toHaveLength(32);
  expect(tokenKind(newToken('presenter', '7K3M9QRT', systemRandom))).toEqual({ role: 'presenter', sessionId: '7K3M9QRT' });
  expect(newToken('host', '7K3M9QRT', systemRandom)).not.toBe(token);
  for (const other of ['', 'rmh', token.slice(0, -1), `${token}x`, token.replace('rmh', 'rmx'), token.toLowerCase()]) expect(tokenKind(other)).toBeUndefined();
});

describe('sealed text', () => {
  test('opens with the same secret at the same place, and nowhere else', () => {
    const sealed = sealWith('secret', 'place', 'hostToken', systemRandom);
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('hostToken');
    expect(openSealed('secret', 'place', sealed)).toBe('hostToken');
    expect(() => openSealed('other', 'place', sealed)).toThrow();
    expect(() => openSealed('secret', 'elsewhere', sealed)).toThrow();
    const bytes = Buffer.from(sealed, 'base64');
    bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
    expect(() => openSealed('secret', 'place', bytes.toString('base64'))).toThrow();
  });

  test('never looks the same twice', () => {
    expect(sealWith('s', 'p', 't', systemRandom)).not.toBe(sealWith('s', 'p', 't', systemRandom));
  });
});
