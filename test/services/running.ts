/** What a test holds of servers that answer: those that it started itself, and those that somebody else owns. */
import { Hopeless, until } from './until.js';
import { freePorts } from './ports.js';
import { makeRunFolder, removeFolder } from './run-folder.js';
import type { ServerProcess } from './server-process.js';

export interface Running {
  /** False: they were running already, and others may use them too. They cannot be killed then, and `stop` leaves them alone. */
  readonly owned: boolean;
  /** Of those that run now, in their order; empty where they are not owned. */
  pids(): readonly number[];
  /** SIGKILL to one (counted from 1), or to all. Resolves when they have ended. @throws where they are not owned */
  kill(which?: number): Promise<void>;
  /** Starts one, or all that are down, on the same ports and data; resolves when they answer. @throws where they are not owned */
  restart(which?: number): Promise<void>;
  /** Ends them all and removes their data. Once is enough; more does no harm. */
  stop(): Promise<void>;
}

/** How one kind of server is started and how it is known to answer. */
export interface Recipe {
  readonly name: string;
  readonly portsCount: number;
  /** The processes for these ports, not started yet; may do what has to be done once, in the folder. */
  prepare(folder: string, ports: readonly number[]): Promise<readonly ServerProcess[]>;
  /** Whether those that should run answer: `up[i]` is the server on the i-th place. Throwing means "not yet". */
  answers(ports: readonly number[], up: readonly boolean[]): Promise<boolean>;
}

/** A loaded machine is no fault of the server. */
const READY_MS_MAX = 120_000;
const PORT_TRIES_MAX = 5;
const portTaken = /address already in use/i;

/** Starts servers in a folder and on ports of their own; when somebody else was quicker on a port, on other ports. */
export async function startOwned(recipe: Recipe): Promise<Running & { readonly ports: readonly number[]; readonly folder: string }> {
  for (let tries = 1; ; tries++) {
    const folder = makeRunFolder(recipe.name);
    const ports = await freePorts(recipe.portsCount);
    let servers: readonly ServerProcess[] = [];
    try {
      servers = await recipe.prepare(folder, ports);
      const running = new Owned(recipe, folder, ports, servers);
      await running.restart();
      return running;
    } catch (error) {
      await Promise.all(servers.map((server) => server.kill()));
      const retry = tries < PORT_TRIES_MAX && servers.some((server) => portTaken.test(server.printed()));
      removeFolder(folder);
      if (!retry) throw error;
    }
  }
}

class Owned implements Running {
  readonly owned = true;

  constructor(
    private readonly recipe: Recipe,
    readonly folder: string,
    readonly ports: readonly number[],
    private readonly servers: readonly ServerProcess[],
  ) {}

  pids(): readonly number[] {
    return this.servers.flatMap((server) => server.pid ?? []);
  }

  async kill(which?: number): Promise<void> {
    await Promise.all(this.chosen(which).map((server) => server.kill()));
  }

  async restart(which?: number): Promise<void> {
    const started = this.chosen(which);
    for (const server of started) server.start();
    const up = this.servers.map((server) => server.pid !== undefined);
    await until(`${this.recipe.name} answers`, READY_MS_MAX, async () => {
      const dead = started.find((server) => server.pid === undefined);
      if (dead) throw new Hopeless(dead.obituary());
      return (await this.recipe.answers(this.ports, up)) || undefined;
    });
  }

  async stop(): Promise<void> {
    await this.kill();
    removeFolder(this.folder);
  }

  private chosen(which: number | undefined): readonly ServerProcess[] {
    if (which === undefined) return this.servers;
    const server = this.servers[which - 1];
    if (!server) throw new RangeError(`${this.recipe.name}: there is no server ${which}, there are ${this.servers.length}`);
    return [server];
  }
}

/** Servers that somebody else owns; `whose` says who, for the message of what cannot be done. */
export function notOwned(whose: string): Running {
  const cannot = async (): Promise<never> => {
    throw new Error(`${whose}: it is not this test's own, and cannot be killed or restarted here`);
  };
  return { owned: false, pids: () => [], kill: cannot, restart: cannot, stop: async () => {} };
}
