import { describe, expect, it } from '@jest/globals';
import { destinationOf } from '../../src/http/destination.js';

const session = { kind: 'session', sessionId: '7K3M9QRT' };
const any = { kind: 'any' };

describe('where a call goes', () => {
  it.each([
    ['/v1/sessions/7K3M9QRT', session],
    ['/v1/sessions/7k3m-9qrt/commands', session],
    ['/v1/sessions/7K3M%2D9QRT/players/p1:kick', session],
    ['/v1/sessions/7K3M9QRT/questions/q1:void', session],
    ['/v1/sessions/7K3M9QRT:verify', session],
    ['/v1/admin/sessions/7K3M9QRT/actor', session],
    ['/v1/admin/shards/12:move', { kind: 'shard', shard: 12 }],
    ['/v1/admin/nodes/node-1:drain', { kind: 'node', node: 'node-1' }],
    ['/v1/admin/nodes/n%20x:drain', { kind: 'node', node: 'n x' }],
    ['/', any],
    ['/docs', any],
    ['/v1/sessions', any],
    ['/v1/sessions/', any],
    ['/v1/sessions/short', any],
    ['/v1/sessions/%E0%A4%A', any],
    ['/v1/admin/nodes', any],
    ['/v1/admin/nodes/%E0%A4%A:drain', any],
    ['/v1/admin/shards/x:move', any],
    ['/v1/admin/shards/12:other', any],
    ['/v2/sessions/7K3M9QRT', any],
  ])('%s', (path, expected) => {
    expect(destinationOf(path)).toEqual(expected);
  });
});
