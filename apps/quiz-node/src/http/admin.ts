/** What SREs look at. */
import { z } from 'zod';
import type { HostDesk } from './host-desk.js';
import { notFound } from './problem.js';
import { route, type Route } from './route.js';

export interface AdminDeps {
  readonly node: Pick<HostDesk, 'desk' | 'shards'>;
  readonly nodeName: string;
  /** Who is connected to a session through this node. */
  readonly connections: (sessionId: string) => { readonly sockets: number; readonly hosts: number; readonly players: number };
}

const count = z.int().min(0);
const actorDoc = z
  .strictObject({
    sessionId: z.string(), node: z.string(), shard: count, epoch: count, n: count.describe('the last record of the shard'), sessionTime: count.describe('ms'),
    owner: z.string().describe('whose key made the session'), phase: z.string(), lastEventAt: count.describe('session time, ms'), playersKnown: count,
    connections: z.strictObject({ sockets: count, hosts: count, players: count }),
  })
  .meta({ id: 'Actor' });

export function adminRoutes({ node, nodeName, connections }: AdminDeps): Route[] {
  return [
    route({
      method: 'get', path: '/v1/admin/sessions/{sessionId}/actor', scope: 'admin', tag: 'Operation', summary: 'Where a session lives, and how it is',
      responses: { 200: { description: 'Its actor, on the node that owns it', schema: actorDoc } },
      handle: async ({ params }) => {
        const sessionId = params['sessionId'] as string;
        const seen = await node.desk.view(sessionId, ({ created, phase, lastAt, players }, { shard, epoch, n, at }) => ({
          shard, epoch, n, sessionTime: at, owner: created?.owner ?? '', phase, lastEventAt: lastAt, playersKnown: players.count,
        }));
        if (seen === undefined) throw notFound('session');
        return { status: 200, body: { sessionId, node: nodeName, ...seen, connections: connections(sessionId) } };
      },
    }),
  ];
}
