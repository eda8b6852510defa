/** What the demo plays on: a running Ringmaster, one that it starts, or a cluster that it starts. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProduct, type Product } from '../../launcher/src/product.js';
import type { DemoOptions } from './cli.js';
import { ClusterProgram } from './cluster-program.js';

export interface Site {
  /** Of the routers. */
  readonly urls: readonly string[];
  readonly key: string;
  /** kill -9 of a quiz-node, which is started again. Absent where the demo has not started it. */
  kill?(node: string): Promise<string>;
  /** An order to the cluster, where there is one. */
  order?(order: string): Promise<string>;
  close(): Promise<void>;
}

type Line = (name: string, text: string) => void;

/** @throws Error that says what keeps it from starting */
export async function openSite(options: DemoOptions, line: Line): Promise<Site> {
  if (options.url !== undefined) return { urls: [options.url], key: options.key as string, close: async () => undefined };
  return options.cluster ? openCluster(options.cluster, line) : openProduct(line);
}

async function openCluster(size: NonNullable<DemoOptions['cluster']>, line: Line): Promise<Site> {
  const cluster = await ClusterProgram.start({ ...size, line });
  const { urls, key } = cluster;
  return { urls, key, kill: (node) => cluster.order(`kill ${node}`), order: (order) => cluster.order(order), close: () => cluster.close() };
}

async function openProduct(line: Line): Promise<Site> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ringmaster-demo-'));
  const key = randomBytes(24).toString('base64url');
  const product = await new Promise<Product>((resolve, reject) => {
    const stop = startProduct(
      { host: '127.0.0.1', port: 0, nodePort: 0, dataDir, hostApiKey: key, logLevel: 'error', line, gaveUp: (reason) => void stop().then(() => reject(new Error(reason))) },
      resolve,
    );
  });
  return {
    urls: [`http://127.0.0.1:${product.port}`],
    key,
    kill: async (node) => {
      const { pid } = product.node;
      if (pid === undefined) throw new Error('the quiz-node has no process');
      process.kill(pid, 'SIGKILL');
      return `${node} (process ${pid}) was killed`;
    },
    close: async () => {
      await product.stop();
      rmSync(dataDir, { recursive: true });
    },
  };
}
