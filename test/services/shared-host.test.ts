import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sharedAddresses, turnForCluster } from './shared.js';
import { SharedHost } from './shared-host.js';
import type { ServerName } from './environment.js';

const before = process.env['RINGMASTER_SHARED_SERVERS'];
let folder: string;
let server: Server;
let host: SharedHost;
let starts: ServerName[];
let stops: ServerName[];

function fake(name: ServerName) {
  return async () => {
    starts.push(name);
    if (name === 'kafka') throw new Error('no memory left');
    const none = async (): Promise<void> => {};
    return { addresses: [`${name}:1`], running: { owned: true, pids: () => [], kill: none, restart: none, stop: async () => void stops.push(name) } };
  };
}

beforeEach(async () => {
  [starts, stops] = [[], []];
  host = new SharedHost({ kafka: fake('kafka'), dynamodb: fake('dynamodb'), redis: fake('redis') });
  folder = mkdtempSync(join(tmpdir(), 'host-'));
  server = createServer((socket) => host.serve(socket)).listen(join(folder, 's'));
  await once(server, 'listening');
  process.env['RINGMASTER_SHARED_SERVERS'] = join(folder, 's');
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
  if (before === undefined) delete process.env['RINGMASTER_SHARED_SERVERS'];
  else process.env['RINGMASTER_SHARED_SERVERS'] = before;
});

test('each server starts once, when it is asked for, and stops with the run', async () => {
  expect(await Promise.all([sharedAddresses('redis'), sharedAddresses('redis'), sharedAddresses('dynamodb')])).toEqual([['redis:1'], ['redis:1'], ['dynamodb:1']]);
  expect(starts.sort()).toEqual(['dynamodb', 'redis']);
  await host.close();
  expect(stops.sort()).toEqual(['dynamodb', 'redis']);
});

test('one that does not start is not tried again, and everyone is told why', async () => {
  await expect(sharedAddresses('kafka')).rejects.toThrow('the shared kafka did not start: Error: no memory left');
  await expect(sharedAddresses('kafka')).rejects.toThrow('no memory left');
  expect(starts).toEqual(['kafka']);
  await host.close();
});

test('outside of a run there is nothing to share, and no turn to wait for', async () => {
  delete process.env['RINGMASTER_SHARED_SERVERS'];
  expect(await sharedAddresses('redis')).toBeUndefined();
  (await turnForCluster())();
});

test('clusters take turns', async () => {
  const order: string[] = [];
  const endFirst = await turnForCluster();
  const second = turnForCluster().then((end) => {
    order.push('second begins');
    return end;
  });
  // The host has read the second's question once it has answered a later one.
  await sharedAddresses('redis');
  order.push('first ends');
  endFirst();
  (await second)();
  expect(order).toEqual(['first ends', 'second begins']);
  (await turnForCluster())();
});
