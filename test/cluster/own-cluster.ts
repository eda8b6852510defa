/** A cluster for all tests of one file: up and ready before the first, gone after the last; then none of its programs may have given up or ended by an error of its own. */
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { closeClients } from '../e2e/harness/player.js';
import { START_MS_MAX } from '../services/describe-with-servers.js';
import { LocalCluster, type ClusterOptions } from './local-cluster.js';
import { nodesAreReady } from './ready.js';

const STOP_MS_MAX = 60_000;

/** To be called where tests are described. `started` gets it before the first of them. */
export function ownCluster(options: Pick<ClusterOptions, 'nodes' | 'shards' | 'brokers'>, started: (cluster: LocalCluster) => void): void {
  let cluster: LocalCluster | undefined;
  const lines: string[] = [];
  beforeAll(async () => {
    cluster = await LocalCluster.start({ ...options, routers: 2, port: 0, host: '127.0.0.1', logLevel: 'fatal', line: (name, text) => lines.push(`${name}: ${text}`) });
    started(cluster);
    await nodesAreReady(cluster);
  }, START_MS_MAX);
  afterEach(closeClients);
  afterAll(async () => {
    await cluster?.stop();
    expect(lines.filter((line) => line.includes('not started again') || line.includes('"level":60'))).toEqual([]);
  }, STOP_MS_MAX);
}
