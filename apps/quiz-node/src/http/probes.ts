/** What orchestrators and monitors ask. */
import { z } from 'zod';
import { route, type Route } from './route.js';

export interface Probes {
  /** The shards that the ring gives this node are served. */
  readonly isReady: () => boolean;
  readonly metrics: () => Promise<{ readonly type: string; readonly text: string }>;
}

const tag = 'Operation';
const statusDoc = z.strictObject({ status: z.string() });

export function probeRoutes({ isReady, metrics }: Probes): Route[] {
  return [
    route({
      method: 'get', path: '/livez', scope: 'open', tag, summary: 'Whether the process runs',
      responses: { 200: { description: 'It does', schema: statusDoc } },
      handle: () => ({ status: 200, body: { status: 'alive' } }),
    }),
    route({
      method: 'get', path: '/readyz', scope: 'open', tag, summary: 'Whether the node serves its shards',
      responses: { 200: { description: 'It does', schema: statusDoc }, 503: { description: 'Not yet, or not any more', schema: statusDoc } },
      handle: () => (isReady() ? { status: 200, body: { status: 'ready' } } : { status: 503, body: { status: 'not ready' }, headers: { 'retry-after': '1' } }),
    }),
    route({
      method: 'get', path: '/metrics', scope: 'open', tag, summary: 'Metrics in the text format of Prometheus',
      responses: { 200: { description: 'All metrics of this node', contentTypes: ['text/plain'] } },
      handle: async () => {
        const { type, text } = await metrics();
        return { status: 200, body: text, headers: { 'content-type': type } };
      },
    }),
  ];
}
