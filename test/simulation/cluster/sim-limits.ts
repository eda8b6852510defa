/** Limits of a simulated cluster: where production waits for seconds and megabytes, fractions of them, so that a run of some seconds meets every branch. */
import { defaultLimits as actorLimits, type Limits as ActorLimits } from '@ringmaster/actors';
import { defaultLimits, type Limits } from '@ringmaster/protocol';
import type { Chance } from '../world/chance.js';
import { defaultRouterLimits, type RouterLimits } from '../../../apps/router/src/core/router-limits.js';

export const SHARDS = 4;

export const protocolLimits: Limits = { ...defaultLimits, goneMs: 1_500, closeWaitMs: 2_000, clockEveryMs: 200, reconnectMinMs: 100, reconnectMaxMs: 800 };

const routerLimits: RouterLimits = {
  ...defaultRouterLimits,
  ...protocolLimits,
  stallTickMs: 90,
  stallMs: 150,
  linkDeadMs: 1_200,
  linkGreetMs: 2_000,
  redialMaxMs: 400,
  hopBackOffMaxMs: 400,
};

const nodeLimits: ActorLimits = {
  ...actorLimits,
  closeWaitMs: protocolLimits.closeWaitMs,
  idleMs: 1_200,
  chunkBytesMax: 700,
  snapshotLogBytes: 1_500,
  replayFromEveryMs: 400,
  // More than what is sent to the store can be late (a pause of 6 s, slow calls of 10 s) with what session clocks of two owners differ by (11 s).
  tombstoneMs: 28_000,
  lookEveryMs: 500,
  stallMs: 900,
  retryMsMax: 300,
  probeTimeoutMs: 250,
  probeTrustMs: 400,
  fencedJitterMsMin: 150,
  fencedJitterMsMax: 900,
  rebalanceAfterMs: 1_500,
  recoveryTriesMax: 30,
  loadTriesMax: 30,
};

export interface SimLimits {
  readonly node: ActorLimits;
  readonly router: RouterLimits;
}

/** Limits that decide how two things overlap in time differ from run to run. */
export function limitsOf(chance: Chance, logGrows = false): SimLimits {
  return {
    node: {
      ...nodeLimits,
      // Nothing that lies still is snapshotted because of what others do.
      snapshotLogBytes: logGrows ? 1e6 : chance.pick([500, 1_500, 4_000]),
      replayFromEveryMs: chance.pick([100, 400]),
      lookEveryMs: chance.pick([300, 500, 900]),
      fencedJitterMsMin: chance.pick([50, 150]),
      fencedJitterMsMax: chance.pick([200, 900]),
    },
    router: { ...routerLimits, linkDeadMs: chance.pick([1_200, 2_400]), fillWithinMs: chance.pick([60, 300, 2_000]) },
  };
}
