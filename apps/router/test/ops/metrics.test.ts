import { describe, expect, test } from '@jest/globals';
import type { MembershipStatus } from '@ringmaster/actors';
import { staticMembership } from '@ringmaster/actors/adapters/static/membership';
import { parseMetrics, samplesOf, valueOf } from '../../../../test/metrics/exposition.js';
import { newCounters } from '../../src/core/counters.js';
import { routerMetrics } from '../../src/ops/metrics.js';

const router = () => ({ counters: newCounters(), gauges: { sockets: 3, gone: 0, unauthenticated: 1, sessions: 2, links: 1, stalls: 4 } });
const configured = staticMembership({ nodes: [], routers: ['r1'] });
const status: MembershipStatus = { stale: true, ageMs: 3_500, ringHash: 'abc', disagreeing: ['n1'], replacedBy: undefined, beats: 9, failures: 6 };

describe('the metrics of a router', () => {
  test('are read when somebody asks', async () => {
    const known = router();
    const metrics = routerMetrics(known, configured);
    await metrics.read();
    known.counters.broadcasts = 8;
    metrics.forwarded(204, 30);
    const { type, text } = await metrics.read();
    const families = parseMetrics(text);
    expect(type).toContain('text/plain');
    expect(['broadcasts_total', 'sockets', 'stalls_total'].map((name) => valueOf(families, `ringmaster_router_${name}`))).toEqual([8, 3, 4]);
    expect(valueOf(families, 'ringmaster_router_forward_seconds_count', { status: '2xx' })).toBe(1);
    expect(text).not.toContain('membership');
  });

  test('say how well it hears of the members, where it does', async () => {
    const view = { version: 2, nodes: [{ name: 'n1', boot: 'b', address: 'a:1' }], routers: ['r1', 'r2'] };
    const families = parseMetrics((await routerMetrics(router(), { view: () => view, status: () => status }).read()).text);
    const membership = (name: string): number => valueOf(families, `ringmaster_router_membership_${name}`);
    expect(['stale', 'age_seconds', 'nodes', 'routers', 'disagreeing', 'replaced', 'beats_total', 'beat_failures_total'].map(membership)).toEqual([1, 3.5, 1, 2, 1, 0, 9, 6]);
    expect(samplesOf(families, 'ringmaster_router_membership_ring')).toMatchObject([{ labels: { hash: 'abc' }, value: 1 }]);
  });
});
