/**
 * The faults: what each does, for how long, and how it is undone. Each resolves when what it did is undone; the time that a program or server then needs is
 * its own. `target` names what no second fault may touch meanwhile.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from '../chance.js';
import type { Rest } from '../load/rest.js';
import type { FaultyProxy, Weather } from '../proxy/proxy.js';
import type { Stage } from '../stage.js';
import { moveLeaders } from '../../services/kafka-leaders.js';

export interface FaultContext {
  readonly stage: Stage;
  readonly rest: Rest;
  readonly chance: Chance;
}

export interface Planned {
  readonly target: string;
  /** What is done, for the record. */
  readonly about: string;
  /** Names of nodes or routers that are dead, or stand still, from the beginning to the end of it. */
  readonly down?: string;
  run(): Promise<void>;
}

export interface Kind {
  readonly name: string;
  /** How often, beside the others. */
  readonly weight: number;
  /** @returns undefined where there is nothing to do it to */
  plan(context: FaultContext): Planned | undefined;
}

const JOIN_MS_MAX = 60_000;

const nodesOf = ({ cluster }: Stage): string[] => [...cluster.nodes.values()].filter(({ port, program }) => port !== 0 && program.pid !== undefined).map(({ name }) => name);
const routersOf = ({ cluster }: Stage): string[] => [...cluster.routers.values()].filter(({ port, program }) => port !== 0 && program.pid !== undefined).map(({ name }) => name);
const inS = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

async function pauseProcess(pid: number, ms: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  await wait(ms);
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // It was killed while it stood still.
  }
}

async function weather(proxies: readonly FaultyProxy[], bad: Weather, ms: number, speaker?: string): Promise<void> {
  for (const proxy of proxies) proxy.set(bad, speaker);
  await wait(ms);
  for (const proxy of proxies) proxy.calm(speaker);
}

const kill = (name: string, weight: number, of: (stage: Stage) => string[]): Kind => ({
  name, weight,
  plan: ({ stage, chance }) => {
    const victim = chance.pick(of(stage));
    return { target: victim, about: victim, down: victim, run: async () => stage.cluster.kill(victim) };
  },
});

const stop = (name: string, weight: number, of: (stage: Stage) => string[], maxMs: number): Kind => ({
  name, weight,
  plan: ({ stage, chance }) => {
    const victim = chance.pick(of(stage));
    // Short ones are as bad as long ones: both sides of every time-out are wanted.
    const ms = chance.odds(0.5) ? chance.between(300, 3_000) : chance.between(3_000, maxMs);
    const pid = (stage.cluster.nodes.get(victim) ?? stage.cluster.routers.get(victim))?.program.pid;
    return pid === undefined ? undefined : { target: victim, about: `${victim} for ${inS(ms)}`, down: victim, run: () => pauseProcess(pid, ms) };
  },
});

const kafkaWeather = (name: string, weight: number, bad: (chance: Chance) => Weather, lowMs: number, highMs: number): Kind => ({
  name, weight,
  plan: ({ stage, chance }) => {
    const ms = chance.between(lowMs, highMs);
    const victim = chance.odds(0.5) ? chance.pick(nodesOf(stage)) : undefined;
    return { target: 'kafka proxies', about: `${victim ?? 'everybody'} for ${inS(ms)}`, run: () => weather(stage.kafka, bad(chance), ms, victim) };
  },
});

const frontWeather = (name: string, weight: number, which: 'dynamodb' | 'redis' | 'link', of: (stage: Stage) => string[], bad: (chance: Chance) => Weather, lowMs: number, highMs: number): Kind => ({
  name, weight,
  plan: ({ stage, chance }) => {
    const ms = chance.between(lowMs, highMs);
    const victim = chance.pick(of(stage));
    const proxy = stage.fronts.get(victim)?.[which];
    return proxy === undefined ? undefined : { target: `${which} of ${victim}`, about: `${victim} for ${inS(ms)}`, run: () => weather([proxy], bad(chance), ms) };
  },
});

const broker = (name: string, weight: number, run: (stage: Stage, which: number, chance: Chance) => Promise<void>): Kind => ({
  name, weight,
  plan: ({ stage, chance }) => {
    const which = chance.whole(1, stage.kafka.length);
    // One at a time: with two of three gone Kafka keeps what it has, and takes nothing more.
    return { target: 'brokers', about: `broker ${which}`, run: () => run(stage, which, chance) };
  },
});

const everyone = (stage: Stage): string[] => [...nodesOf(stage), ...routersOf(stage)];
const hold = (): Weather => ({ hold: 'both' });
const oneWay = (chance: Chance): Weather => ({ hold: chance.pick(['toServer', 'toClient'] as const) });
const lossy = (chance: Chance): Weather => ({ loseAnswer: chance.between(0.05, 0.6) });
const slow = (chance: Chance): Weather => ({ delayMs: chance.between(50, 1_200) });

export const kinds: readonly Kind[] = [
  kill('kill node', 5, nodesOf),
  kill('kill router', 2, routersOf),
  stop('stop node', 5, nodesOf, 20_000),
  stop('stop router', 2, routersOf, 8_000),
  broker('kill broker', 2, async (stage, which, chance) => {
    const { kafka } = stage.cluster.servers;
    await kafka.kill(which);
    await wait(chance.between(500, 6_000));
    await kafka.restart(which);
  }),
  broker('stop broker', 2, (stage, which, chance) => {
    const pid = stage.cluster.servers.kafka.pids()[which - 1];
    return pid === undefined ? Promise.resolve() : pauseProcess(pid, chance.between(500, 8_000));
  }),
  {
    name: 'leaders moved', weight: 3,
    plan: ({ stage }) => (stage.kafka.length < 3 ? undefined : { target: 'brokers', about: 'of all partitions', run: async () => void (await moveLeaders(stage.brokers)) }),
  },
  kafkaWeather('kafka answers lost', 4, lossy, 1_000, 6_000),
  kafkaWeather('kafka slow', 2, slow, 1_000, 6_000),
  kafkaWeather('kafka unreachable', 3, hold, 1_000, 9_000),
  kafkaWeather('kafka one way', 2, oneWay, 1_000, 5_000),
  { name: 'kafka connections reset', weight: 2, plan: ({ stage }) => ({ target: 'kafka proxies', about: 'all', run: async () => stage.kafka.forEach((proxy) => proxy.reset()) }) },
  frontWeather('dynamodb answers lost', 2, 'dynamodb', nodesOf, lossy, 1_000, 8_000),
  frontWeather('dynamodb unreachable', 2, 'dynamodb', nodesOf, hold, 1_000, 15_000),
  frontWeather('dynamodb slow', 1, 'dynamodb', nodesOf, slow, 1_000, 10_000),
  {
    name: 'dynamodb stopped', weight: 2,
    plan: ({ stage, chance }) => ({
      target: 'dynamodb', about: 'frozen',
      run: async () => {
        await stage.cluster.stopServer('dynamodb');
        await wait(chance.between(1_000, 12_000));
        await stage.cluster.startServer('dynamodb');
      },
    }),
  },
  {
    name: 'redis killed, comes back empty', weight: 2,
    plan: ({ stage, chance }) => ({
      target: 'redis', about: 'killed',
      run: async () => {
        await stage.cluster.stopServer('redis');
        await wait(chance.between(200, 8_000));
        await stage.cluster.startServer('redis');
      },
    }),
  },
  frontWeather('redis unreachable for a router', 2, 'redis', routersOf, hold, 2_000, 20_000),
  frontWeather('redis unreachable for a node', 2, 'redis', nodesOf, hold, 2_000, 12_000),
  frontWeather('redis answers lost', 1, 'redis', everyone, lossy, 1_000, 8_000),
  frontWeather('link cut', 4, 'link', nodesOf, hold, 500, 9_000),
  frontWeather('link one way', 3, 'link', nodesOf, oneWay, 500, 6_000),
  frontWeather('link slow', 2, 'link', nodesOf, slow, 1_000, 6_000),
  frontWeather('link refused', 1, 'link', nodesOf, () => ({ refuse: true, loseAnswer: 1 }), 500, 5_000),
  {
    name: 'link reset', weight: 2,
    plan: ({ stage, chance }) => {
      const victim = chance.pick(nodesOf(stage));
      return { target: `link of ${victim}`, about: victim, run: async () => stage.fronts.get(victim)?.link?.reset() };
    },
  },
  {
    name: 'node drained, another joins', weight: 2,
    plan: ({ stage, chance }) => {
      const victim = chance.pick(nodesOf(stage));
      return { target: victim, about: victim, run: async () => void (await Promise.all([stage.cluster.drain(victim), within(JOIN_MS_MAX, stage.addNode())])) };
    },
  },
  {
    name: 'nodes change unheard by a router', weight: 2,
    plan: ({ stage, chance }) => {
      const [router, leaver] = [chance.pick(routersOf(stage)), chance.pick(nodesOf(stage))];
      const redis = stage.fronts.get(router)?.redis;
      const run = async (): Promise<void> => {
        redis?.set(hold());
        await Promise.all([stage.cluster.drain(leaver), within(JOIN_MS_MAX, stage.addNode())]);
        await wait(chance.between(2_000, 9_000));
        redis?.calm();
      };
      return { target: leaver, about: `${router}; ${leaver} drained, another joins`, run };
    },
  },
  {
    name: 'router drained, another joins', weight: 1,
    plan: ({ stage, chance }) => {
      const victim = chance.pick(routersOf(stage));
      return {
        target: 'routers come and go', about: victim,
        run: async () => {
          await stage.cluster.drain(victim);
          await within(JOIN_MS_MAX, stage.addRouter());
        },
      };
    },
  },
  {
    name: 'shards moved', weight: 3,
    plan: ({ stage, rest, chance }) => ({
      target: 'moves', about: 'up to 6',
      run: async () => {
        const nodes = nodesOf(stage);
        const { body } = (await rest.once<{ readonly shards?: readonly { readonly shard: number; readonly owner: string | null }[] }>('GET', '/v1/admin/shards')) ?? {};
        const shards = (body?.shards ?? []).filter(({ owner }) => owner !== null);
        if (shards.length === 0) return;
        const chosen = Array.from({ length: 6 }, () => chance.pick(shards));
        await Promise.all(chosen.map(({ shard, owner }) => rest.once('POST', `/v1/admin/shards/${shard}:move`, { to: chance.pick(nodes.filter((name) => name !== owner)) })));
      },
    }),
  },
  {
    name: 'two nodes of one name', weight: 2,
    plan: ({ stage, chance }) => {
      const name = chance.pick(nodesOf(stage));
      return {
        target: name, about: name,
        run: async () => {
          const twin = await within(JOIN_MS_MAX, stage.addNode(name));
          await wait(chance.between(1_000, 8_000));
          // The elder is what an orchestrator would have ended long before.
          if (twin !== undefined) await stage.cluster.drain(twin);
          stage.cluster.kill(name);
        },
      };
    },
  },
];

async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  work.catch(() => undefined);
  return Promise.race([work, wait(ms, undefined, { ref: false })]);
}
