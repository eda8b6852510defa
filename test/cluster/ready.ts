import type { LocalCluster } from './local-cluster.js';

const LOOK_MS = 50;
const READY_MS_MAX = 60_000;

/** Resolves when every quiz-node of the cluster owns what the ring gives it: until then some sessions are answered with 503. @throws when that takes too long */
export async function nodesAreReady({ nodes }: Pick<LocalCluster, 'nodes'>): Promise<void> {
  const until = performance.now() + READY_MS_MAX;
  await Promise.all(
    [...nodes.values()].map(async ({ name, port }) => {
      while ((await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined))?.status !== 200) {
        if (performance.now() > until) throw new Error(`${name} is not ready within ${READY_MS_MAX} ms`);
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
    }),
  );
}
