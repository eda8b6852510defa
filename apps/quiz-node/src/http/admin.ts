/** What SREs look at, and what they may have done. */
import { z } from 'zod';
import type { Membership, Peers, ShardReport } from '@ringmaster/actors';
import { NotOwnerError } from '../session/session-error.js';
import type { HostDesk } from './host-desk.js';
import { invalid, notFound, Problem, refusedCommand } from './problem.js';
import { route, type Route } from './route.js';

export interface AdminDeps {
  readonly node: Pick<HostDesk, 'desk' | 'shards' | 'clock'>;
  readonly nodeName: string;
  /** Who is connected to a session through this node. */
  readonly connections: (sessionId: string) => { readonly sockets: number; readonly hosts: number; readonly players: number };
  readonly cluster: ClusterView;
  /** Begins the planned end of this process. */
  readonly drain: (why: string) => void;
}

/** The cluster as this node sees it. */
export interface ClusterView {
  readonly membership: Pick<Membership, 'view'>;
  readonly peers: Pick<Peers, 'shards'>;
  /** Shards of the cluster. */
  readonly shards: number;
  /** Which node the ring gives each shard. */
  readonly placement: (nodes: readonly string[]) => readonly string[];
  readonly reports: () => readonly ShardReport[];
  /** Hands a shard of this node over. */
  /** @returns false when that node cannot take it now */
  readonly move: (shard: number, to: string) => Promise<boolean>;
}

const tag = 'Operation';
const count = z.int().min(0);
const actorDoc = z
  .strictObject({
    sessionId: z.string(), node: z.string(), shard: count, epoch: count, n: count.describe('the last record of the shard'), sessionTime: count.describe('ms'),
    owner: z.string().describe('whose key made the session'), phase: z.string(), lastEventAt: count.describe('session time, ms'), playersKnown: count,
    connections: z.strictObject({ sockets: count, hosts: count, players: count }),
  })
  .meta({ id: 'Actor' });
const nodesDoc = z
  .strictObject({
    answeredBy: z.string(), version: count.describe('of the membership that this node sees'), routers: z.array(z.string()),
    nodes: z.array(z.strictObject({
      name: z.string(), boot: z.string().describe('tells processes of one name apart'), address: z.string(), reachable: z.boolean(),
      owned: count.describe('shards that it says it owns'), halted: count, byRing: count.describe('shards that the ring gives it'),
    })),
  })
  .meta({ id: 'Nodes' });
const shardsDoc = z
  .strictObject({
    answeredBy: z.string(), unreachable: z.array(z.string()).describe('nodes that did not answer: what they own is missing here'),
    shards: z.array(z.strictObject({
      shard: count, state: z.enum(['active', 'claiming', 'halted', 'unowned']), owner: z.string().nullable(), byRing: z.string(), halt: z.string().optional(),
      epoch: count.optional(), n: count.optional().describe('the last accepted record'), end: count.optional().describe('offset behind it'),
      replayFrom: count.optional().describe('offset from which a successor would replay'), lag: count.optional().describe('records that it would read'),
      hot: count.optional().describe('sessions in memory'), entities: count.optional().describe('all sessions known'),
    })),
  })
  .meta({ id: 'Shards' });
const moveBody = z.strictObject({ to: z.string().min(1).describe('a node of the membership') }).meta({ id: 'Move' });
const movedDoc = z.strictObject({ shard: count, from: z.string(), to: z.string(), ms: count.describe('how long it took, with the wait for a quiet phase') }).meta({ id: 'Moved' });

export function adminRoutes({ node, nodeName, connections, cluster, drain }: AdminDeps): Route[] {
  const { membership, peers } = cluster;

  /** Every node's word; undefined from one that does not answer. */
  async function everyone(): Promise<{ readonly name: string; readonly reports: readonly ShardReport[] | undefined }[]> {
    return Promise.all(
      membership.view().nodes.map(async ({ name }) => ({ name, reports: name === nodeName ? cluster.reports() : await peers.shards(name).catch(() => undefined) })),
    );
  }
  const byRing = (): readonly string[] => cluster.placement(membership.view().nodes.map(({ name }) => name));

  return [
    route({
      method: 'get', path: '/v1/admin/nodes', scope: 'admin', tag, summary: 'The nodes of the cluster', responses: { 200: { description: 'As this node sees them', schema: nodesDoc } },
      handle: async () => {
        const { version, nodes, routers } = membership.view();
        const words = new Map((await everyone()).map(({ name, reports }) => [name, reports]));
        const placement = byRing();
        return {
          status: 200,
          body: {
            answeredBy: nodeName, version, routers,
            nodes: nodes.map(({ name, boot, address }) => {
              const reports = words.get(name);
              const in_ = (state: ShardReport['state']): number => reports?.filter((report) => report.state === state).length ?? 0;
              return { name, boot, address, reachable: reports !== undefined, owned: in_('active'), halted: in_('halted'), byRing: placement.filter((owner) => owner === name).length };
            }),
          },
        };
      },
    }),
    route({
      method: 'get', path: '/v1/admin/shards', scope: 'admin', tag, summary: 'Who owns which shard, and how far it is', responses: { 200: { description: 'As the nodes say', schema: shardsDoc } },
      handle: async () => {
        const words = await everyone();
        const placement = byRing();
        const best = new Map<number, ShardReport & { readonly owner: string }>();
        for (const { name, reports = [] } of words) for (const report of reports) if (tells(report, best.get(report.shard))) best.set(report.shard, { ...report, owner: name });
        const shards = Array.from({ length: cluster.shards }, (_, shard) => {
          const { end, replayFrom, ...known } = best.get(shard) ?? { shard, state: 'unowned', owner: null };
          const offsets = end === undefined || replayFrom === undefined ? {} : { end, replayFrom, lag: Math.max(0, end - replayFrom) };
          return { ...known, ...offsets, byRing: placement[shard] ?? '' };
        });
        return { status: 200, body: { answeredBy: nodeName, unreachable: words.flatMap(({ name, reports }) => (reports === undefined ? [name] : [])), shards } };
      },
    }),
    route({
      method: 'post', path: '/v1/admin/nodes/{nodeId}:drain', scope: 'admin', tag, summary: 'Hands over all that a node owns, and ends it',
      responses: { 202: { description: 'The node has begun', schema: z.strictObject({ node: z.string() }) } }, problems: [404, 503],
      handle: ({ params }) => {
        const name = params['nodeId'] as string;
        if (name !== nodeName) throw membership.view().nodes.some((member) => member.name === name) ? new NotOwnerError(null, name) : notFound('node');
        drain('ordered over REST');
        return { status: 202, body: { node: name } };
      },
    }),
    route({
      method: 'post', path: '/v1/admin/shards/{shard}:move', scope: 'admin', tag, summary: 'Hands one shard over to another node', body: moveBody,
      responses: { 200: { description: 'It is handed over', schema: movedDoc } }, problems: [404, 409, 422, 503],
      handle: async ({ params, body: { to } }) => {
        const shard = Number(params['shard']);
        if (!Number.isInteger(shard) || shard < 0 || shard >= cluster.shards) throw notFound('shard');
        if (to === nodeName) throw new Problem(409, `${to} has this shard already`);
        if (!membership.view().nodes.some(({ name }) => name === to)) throw invalid([{ pointer: '/to', detail: 'is no node of this cluster' }]);
        const ownership = node.shards.ownership(shard);
        if (ownership.kind !== 'active') throw new NotOwnerError(shard, ownership.kind === 'other' ? ownership.hint : '');
        const began = node.clock.mono();
        if (!(await cluster.move(shard, to))) throw refusedCommand(503, { detail: `${to} cannot take the shard now; it stays where it is` });
        return { status: 200, body: { shard, from: nodeName, to, ms: Math.round(node.clock.mono() - began) } };
      },
    }),
    route({
      method: 'get', path: '/v1/admin/sessions/{sessionId}/actor', scope: 'admin', tag, summary: 'Where a session lives, and how it is',
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

/** Whether `report` says more than `known`: an owner of a higher epoch, or anything where nobody has said anything. */
function tells(report: ShardReport, known: ShardReport | undefined): boolean {
  if (known === undefined) return true;
  if (report.state !== 'active') return false;
  return known.state !== 'active' || (report.epoch ?? 0) > (known.epoch ?? 0);
}
