import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { IdealCluster } from './ideal-cluster.js';
import { world, type ScriptedClient, type World } from './world.js';

const nodeName = fc.constantFrom('a', 'b');
const steps = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('say' as const), client: fc.nat(2) }) },
  { weight: 9, arbitrary: fc.record({ do: fc.constant('work' as const), node: nodeName }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('broadcast' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('swallow' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('takeOver' as const), node: nodeName }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('breakLink' as const), node: nodeName }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), node: nodeName }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), client: fc.nat(2) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 700 }) }) },
);
type Step = typeof steps extends fc.Arbitrary<infer S> ? S : never;

interface Player {
  readonly client: ScriptedClient;
  said: number;
  here: boolean;
}

const SEEN: { [name: string]: number } = {};
const seen = (name: string, yes: boolean): void => void (yes && (SEEN[name] = (SEEN[name] ?? 0) + 1));

function play(w: World, cluster: IdealCluster, players: readonly Player[], step: Step): void {
  switch (step.do) {
    case 'say': {
      const player = players[step.client];
      if (player === undefined || !player.here || player.said >= 14) return;
      player.said++;
      player.client.says(`f${player.said}`);
      return;
    }
    case 'leave': {
      const player = players[step.client];
      if (player === undefined || !player.here) return;
      player.here = false;
      player.client.leaves();
      return;
    }
    case 'work':
      return cluster.work(step.node);
    case 'broadcast':
      return cluster.broadcast();
    case 'swallow':
      return cluster.swallow();
    case 'takeOver':
      return cluster.takeOver(step.node);
    case 'breakLink':
      w.node(step.node).breakLink();
      return cluster.linkLost(step.node);
    case 'crash':
      w.node(step.node).crash();
      cluster.restarted(step.node);
      w.node(step.node).up = true;
      return;
    case 'wait':
      return w.time.advance(step.ms);
  }
}

/** No more faults: everybody works until nothing is left to do. */
function heal(w: World, cluster: IdealCluster): void {
  for (let round = 0; round < 60; round++) {
    w.time.advance(150);
    // What was swallowed last is missed only when something follows.
    if (round === 20 || round === 50) cluster.broadcast();
    cluster.work('a');
    cluster.work('b');
  }
}

function check(cluster: IdealCluster, { client, said, here }: Player): void {
  const got = client.got.filter((text) => /^(welcome|ok|s\d)/.test(text));
  // K1: every frame that was read has been executed, also those of a client that is gone; but for a lone hello that nobody waits for.
  if (said === 1 && !here) return;
  for (let k = 1; k <= said; k++) expect(cluster.answered.get(`${client.conn} ${k}`)).toBe(`f${k}`);
  // K2: one reply for each frame, in order.
  const replies = got.filter((text) => !/^s\d/.test(text)).map((text) => (text.startsWith('welcome') ? 'ok1' : text));
  const wanted = Array.from({ length: said }, (_, i) => `ok${i + 1}`);
  expect(replies).toEqual(here ? wanted : wanted.slice(0, replies.length));
  // K4: after the welcome every shared message once, in order.
  const welcomedAt = Number(/^welcome at (\d+)/.exec(got[0] ?? '')?.[1] ?? NaN);
  const shared = got.filter((text) => /^s\d/.test(text));
  const all = cluster.history.slice(welcomedAt);
  if (said > 0) expect(shared).toEqual(here ? all : all.slice(0, shared.length));
  else expect(got).toEqual([]);
}

describe('whatever breaks', () => {
  it('every frame is executed and answered once, and every message comes once and in order', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 120, size: 'max' }), fc.boolean(), (all, deaf) => {
        // One that hears nothing of the membership has b from a alone.
        const w = world(deaf ? ['a'] : ['a', 'b'], { limits: { helloWithinMs: 1e8, helloAgainWithinMs: 1e8, stallTickMs: 200, stallMs: 500 } });
        const cluster = new IdealCluster([w.node('a'), w.node('b')]);
        const players = [0, 1, 2].map((): Player => ({ client: w.connects(0), said: 0, here: true }));
        for (const step of all) play(w, cluster, players, step);
        heal(w, cluster);
        for (const player of players) check(cluster, player);
        expect(w.router.gauges.gone).toBe(0);
        const { framesSentAgain, hops, gaps, repliesDropped, backOffs, repliesSkipped } = w.router.counters;
        expect(repliesSkipped).toBe(0);
        seen('sent again', framesSentAgain > 0);
        seen('hops', hops > 0);
        seen('replies dropped', repliesDropped > 0);
        seen('back-off', backOffs > 0);
        seen('gaps', gaps > 0);
        seen('told of b', deaf && w.router.nodes().includes('b'));
        w.router.stop();
      }),
      { numRuns: 150, seed: 7 },
    );
    // The rare branches have run.
    for (const name of ['sent again', 'hops', 'gaps', 'replies dropped', 'back-off', 'told of b']) expect([name, SEEN[name] ?? 0]).not.toEqual([name, 0]);
  });
});
