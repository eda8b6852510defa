/** A whole quiz-node for tests: the real region on an embedded store in a folder of its own, behind a real Nest server on loopback. */
import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import type { Clock, Journal, SnapshotStore } from '@ringmaster/actors';
import { systemClock, systemRandom, systemTimers } from '@ringmaster/actors/adapters/system/clock';
import type { Express } from 'express';
import { readConfig } from '../../src/config.js';
import { sha256Hex, type Scope } from '../../src/http/api-keys.js';
import { mountRest, type Rest, type RestDeps } from '../../src/http/rest.js';
import type { Route } from '../../src/http/route.js';
import { buildNode, clusterView } from '../../src/node.js';
import { openPorts } from '../../src/ports.js';
import { nodeMetrics } from '../../src/ops/metrics.js';
import { QuizNodeModule, type NodeParts } from '../../src/quiz-node.module.js';
import { contractBreaks } from './contract.js';

export const HOST_KEY = 'host-key-of-the-tests';

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined where the body is no JSON. */
  readonly json: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- tests look into it
}

export interface AskOptions {
  readonly key?: string | null;
  /** Sent as JSON; text and bytes as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TestNode {
  readonly url: string;
  readonly rest: Rest;
  readonly parts: NodeParts;
  readonly journal: Journal;
  readonly snapshots: SnapshotStore;
  /** What should never have happened. */
  readonly broken: unknown[];
  /** Why it was told to drain. */
  readonly drains: readonly string[];
  /** Asks, and holds the answer against the table of routes. */
  ask(method: string, path: string, options?: AskOptions): Promise<Answered>;
  stop(): Promise<void>;
}

export interface TestNodeOptions {
  readonly rest?: Partial<RestDeps>;
  readonly folder?: string;
  readonly clock?: Clock;
  readonly keepFolder?: boolean;
}

/** A key file's entry for `key`. */
export const keyEntry = (key: string, owner: string, scopes: readonly Scope[]): object => ({ id: key, sha256: sha256Hex(key), owner, scopes });

export async function startNode(options: TestNodeOptions = {}): Promise<TestNode> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'ringmaster-http-'));
  const config = { ...readConfig({ DATA_DIR: folder, SHARDS: '4', LOG_LEVEL: 'silent', NODE_PORT: '0' }), routers: [] };
  const boot = 'test';
  const { clock = systemClock } = options;
  const timers = systemTimers({ keepAlive: false });
  const onFatal = (error: Error): never => {
    throw error;
  };
  const broken: unknown[] = [];
  const drains: string[] = [];
  const note = (event: string, about: Readonly<Record<string, unknown>>): void => {
    if (event === 'request broken' || event === 'turn faulted') broken.push(about);
  };
  const ports = await openPorts(config, { boot, clock, timers, random: systemRandom, onFatal, note, replaced: () => undefined });
  const { edge, region } = buildNode(config, ports, {
    boot, clock, timers, random: systemRandom, note, mayTrim: (shard, below) => rest.mayTrim(shard, below),
  });
  const gauges = { shardsOwned: 0, shardsHalted: 0, shardsStalled: 0, shardsUnsettled: 0, shardsUnclear: 0, shardsOfCluster: 4, entitiesHot: 0, entities: 0, mailboxed: 0, sessionsConnected: 0, decks: 0, links: 0 };
  const isReady = (): boolean => region.stats().owned === config.shards;
  const metrics = nodeMetrics(edge.counters, () => gauges);
  const parts: NodeParts = {
    config, clock, region, edge, metrics, drain: () => undefined, records: ports.records, peers: ports.peers, isReady, isFull: ports.isFull,
  };
  const app = await NestFactory.create(QuizNodeModule.of(parts), { logger: false, bodyParser: false, abortOnError: false });
  const rest: Rest = mountRest(app.getHttpAdapter().getInstance() as Express, {
    desk: edge.desk, shards: region, records: ports.records, journal: ports.journal, clock, timers, random: systemRandom,
    hostApiKey: HOST_KEY, apiKeysFile: undefined, publicUrl: undefined, retentionDays: 90, nodeName: config.nodeName,
    cluster: clusterView(config, ports, region), drain: (why) => drains.push(why),
    limits: config.limits, isFull: ports.isFull, isReady, connections: (sessionId) => edge.presence.connections(sessionId), metrics: metrics.read, requested: metrics.requested, note,
    ...options.rest,
  });
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  region.start();
  while (!isReady()) await new Promise((resolve) => setImmediate(resolve));
  const url = `http://127.0.0.1:${port}`;
  const { routes } = rest;
  return {
    url, rest, parts, broken, drains, journal: ports.journal, snapshots: ports.snapshots,
    ask: (method, path, asked = {}) => ask(routes, url, method, path, asked),
    stop: async () => {
      rest.stop();
      await app.close();
      await rest.archived();
      await region.drain();
      region.stop();
      await ports.close();
      if (!options.keepFolder) rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ask(routes: readonly Route[], url: string, method: string, path: string, { key = HOST_KEY, body, headers = {} }: AskOptions): Promise<Answered> {
  const raw = typeof body === 'string' || body instanceof Uint8Array;
  const sent = body === undefined ? undefined : raw ? (body as string) : JSON.stringify(body);
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined || raw ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(sent === undefined ? {} : { body: sent }),
  });
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  const answered: Answered = { status: response.status, headers: response.headers, text, json: /^application\/(problem\+)?json(;|$)/.test(type) && text !== '' ? (JSON.parse(text) as unknown) : undefined };
  // What was really asked: dots in a path are resolved before it is sent.
  expect({ [`${method} ${path}`]: contractBreaks(routes, method, new URL(url + path).pathname, answered) }).toEqual({ [`${method} ${path}`]: [] });
  return answered;
}

/** A port on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
