/** How well this process hears who is alive, and whether it agrees with the others. */
import type { JoinableMembership, MembershipStatus } from '@ringmaster/actors';
import { Gauge, type Registry } from 'prom-client';
import { addCounters, addGauges, type Readings } from './readings.js';

const PREFIX = 'ringmaster_node_membership_';

interface Heard {
  readonly stale: number;
  readonly ageSeconds: number;
  readonly nodes: number;
  readonly routers: number;
  readonly disagreeing: number;
  readonly replaced: number;
}

const gaugeHelp: Readings<Heard> = {
  stale: ['stale', '1: nothing was heard for so long that the last known members may be old'],
  ageSeconds: ['age_seconds', 'Since the members were last read; +Inf: never'],
  nodes: ['nodes', 'Quiz-nodes that this process knows as alive'],
  routers: ['routers', 'Routers that this process knows as alive'],
  disagreeing: ['disagreeing', 'Members that last said another ring than this process has'],
  replaced: ['replaced', '1: a later process bears this name, and is the member'],
};

const counterHelp: Readings<Pick<MembershipStatus, 'beats' | 'failures'>> = {
  beats: ['beats_total', 'Beats that were answered'],
  failures: ['beat_failures_total', 'Beats that were not answered'],
};

/** Adds nothing where the members are configured: there is nothing to hear then. */
export function watchMembership(registry: Registry, membership: Pick<JoinableMembership, 'view' | 'status'>): void {
  if (membership.status === undefined) return;
  const status = membership.status.bind(membership);
  addGauges(registry, PREFIX, gaugeHelp, () => {
    const { stale, ageMs, disagreeing, replacedBy } = status();
    const { nodes, routers } = membership.view();
    return {
      stale: Number(stale), ageSeconds: ageMs === undefined ? Infinity : ageMs / 1000, nodes: nodes.length, routers: routers.length,
      disagreeing: disagreeing.length, replaced: Number(replacedBy !== undefined),
    };
  });
  addCounters(registry, PREFIX, counterHelp, status);
  new Gauge({
    name: `${PREFIX}ring`,
    help: '1, by the hash of the ring: the same for all that agree',
    labelNames: ['hash'] as const,
    registers: [registry],
    collect() {
      // Only the present one.
      this.reset();
      this.set({ hash: status().ringHash }, 1);
    },
  });
}
