import { describe, expect, test } from '@jest/globals';
import { commit, verifyCommitment } from '../../src/quiz/commitment.js';
import type { KeyValue } from '../../src/quiz/definition.js';

const salt = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';

describe('commitments', () => {
  // printf %s TEXT | openssl dgst -sha256 -mac HMAC -macopt hexkey:SALT
  test.each<[string, KeyValue, string]>([
    ['"b"', 'b', '1c16b7915100fb81eccb460f9a2398129b21aa7cb6539dad08fa2885c14a1ec8'],
    ['["b","a"]', ['b', 'a'], 'c41b87ccf7e2029d11ef1e7bbcf840a4c4d46a9ed36ac8cc3d84b235c8de79d9'],
    ['true', true, '4476aeee13a643ca50916f9b6ef8acc90eee4ae04c4f56720ccc2d67eeacd8f0'],
    ['null', null, '884ed757342dea179553ab752b618ea3727be91a8b5bc775d5b51aa17ed291c0'],
    ['{"accents":true,"accept":["Łódź"],"editDistance":1}', { accept: ['Łódź'], editDistance: 1, accents: true }, 'a3010434c514d71cd07430f1f9c5da8b2e751bff633d7b9d3e1dbf6a2badd1ea'],
    ['{"tolerance":0.5,"value":12.5}', { value: 12.5, tolerance: 0.5 }, '751012cd952c360c03d2598c147d16852bb959025d34dd905cb740d492e8728e'],
  ])('to %s', (_text, key, expected) => expect(commit(salt, key)).toBe(expected));

  test('the order of a key\'s fields does not matter', () => {
    expect(commit(salt, { tolerance: 0.5, value: 12.5 })).toBe(commit(salt, { value: 12.5, tolerance: 0.5 }));
  });

  test('only the salt and key that were committed to open it', () => {
    const commitment = commit(salt, 'b');
    expect(verifyCommitment(commitment, salt, 'b')).toBe(true);
    expect(verifyCommitment(commitment, salt, 'a')).toBe(false);
    expect(verifyCommitment(commitment, salt.replace('00', '01'), 'b')).toBe(false);
    expect(verifyCommitment(commitment.slice(2), salt, 'b')).toBe(false);
    expect(verifyCommitment('', salt, 'b')).toBe(false);
  });
});
