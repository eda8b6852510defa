/** A session on a cluster, with a player on each of two routers and one who never answers, which keeps a question open. */
import { Client } from '../e2e/harness/player.js';
import { Host, type Json, type NewSession } from '../e2e/harness/host.js';
import { quizOf, swift } from '../e2e/harness/quizzes.js';
import { eventually } from '../e2e/harness/waiting.js';
import type { LocalCluster } from './local-cluster.js';

/** A busy machine is no fault of the product. */
export const PATIENCE_MS = 60_000;

export interface Actor {
  readonly node: string;
  readonly shard: number;
  readonly epoch: number;
  readonly sessionTime: number;
}

export interface Nodes {
  readonly routers: readonly string[];
  readonly nodes: readonly { readonly name: string; readonly reachable: boolean; readonly owned: number; readonly halted: number; readonly byRing: number }[];
}

export interface Shards {
  readonly unreachable: readonly string[];
  readonly shards: readonly { readonly shard: number; readonly state: string; readonly owner: string | null; readonly byRing: string; readonly epoch?: number; readonly replayFrom?: number }[];
}

export class Tournament {
  ada!: Client;
  bob!: Client;
  cy!: Client;

  private constructor(
    readonly cluster: LocalCluster,
    readonly host: Host,
    readonly session: NewSession,
  ) {}

  static async of(cluster: LocalCluster, settings: Json = swift): Promise<Tournament> {
    const host = hostOf(cluster);
    const made = await answered(() => host.ask<NewSession>('POST', '/v1/sessions', { quiz: quizOf(3, { limitMs: 120_000 }), settings }), 'a new session');
    const tournament = new Tournament(cluster, host, made);
    const [first = '', second = ''] = cluster.urls;
    tournament.ada = await Client.join(first, made.sessionId, 'Ada');
    tournament.bob = await Client.join(second, made.sessionId, 'Bob');
    tournament.cy = await Client.join(second, made.sessionId, 'Cy');
    return tournament;
  }

  get players(): readonly [Client, Client, Client] {
    return [this.ada, this.bob, this.cy];
  }

  get actor(): Promise<Actor> {
    return answered(() => this.host.ask<Actor>('GET', `/v1/admin/sessions/${this.session.sessionId}/actor`), 'the actor');
  }

  async order(cmd: string): Promise<void> {
    const cmdId = `${cmd}-${performance.now()}`;
    await answered(() => this.host.ask('POST', `/v1/sessions/${this.session.sessionId}/commands`, { cmdId, cmd }), cmd);
  }

  /** The first question is open, everybody has it, and Ada has answered. */
  async begun(): Promise<this> {
    await this.order('start');
    for (const player of this.players) await player.sees('question.opened', undefined, PATIENCE_MS);
    await this.answers(this.ada, 'q1');
    return this;
  }

  /** Sends an answer. @returns a wait for its acknowledgement */
  answers(player: Client, qid: string): Promise<void> {
    const id = player.send('answer.submit', { answerId: `${player.name}-${qid}`, qid, value: 'b' });
    return player.reply(id, PATIENCE_MS).then((reply) => {
      if (reply.t !== 'ok') throw new Error(`${player.name} was refused: ${JSON.stringify(reply.d)}`);
    });
  }

  /** Ends it. @returns names of those whose answers the report has, as they were acknowledged. @throws when one is missing or changed, or two players saw different things */
  async finished(): Promise<readonly string[]> {
    await this.order('end');
    const finals = await Promise.all(this.players.map((player) => player.sees('session.finished', undefined, PATIENCE_MS)));
    const report = await this.host.report(this.session.sessionId);
    for (const { d } of finals) if (d.standingsHash !== report.standingsHash) throw new Error('a player saw other standings than those of the report');
    for (const player of this.players) {
      for (const { d } of player.got('ok')) {
        if (!('receipt' in d)) continue;
        const { answerId, receivedAt } = d as { answerId: string; receivedAt: number };
        const found = report.answers.filter((row) => row.playerId === player.playerId && row.answerId === answerId);
        if (found.length !== 1 || found[0]?.receivedAt !== receivedAt || found[0].value !== 'b') throw new Error(`${answerId} at ${receivedAt} is in the report as ${JSON.stringify(found)}`);
      }
    }
    return report.answers.map(({ answerId }) => answerId).sort();
  }
}

export const hostOf = (cluster: LocalCluster): Host => new Host(cluster.urls[0] ?? '', cluster.hostApiKey);

/** Asks until the answer is not 503. @throws for any other refusal */
async function answered<T>(ask: () => Promise<{ readonly status: number; readonly body: T }>, what: string): Promise<T> {
  return eventually(
    async () => {
      const { status, body } = await ask();
      if (status === 503) return undefined;
      if (status >= 300) throw new Error(`${what}: ${status} ${JSON.stringify(body)}`);
      return body;
    },
    what,
    PATIENCE_MS,
  );
}

/** Resolves when the nodes are those, and each owns what the ring gives it: no shard was moved by order since the ring changed. */
export const settled = (cluster: LocalCluster, names: readonly string[]): Promise<Nodes> =>
  nodesThat(cluster, names, `each of ${names.join()} to own what the ring gives it`, (nodes) => nodes.every(({ owned, byRing }) => owned === byRing));

/** Resolves when the nodes are those, and every shard has an owner. */
export const complete = (cluster: LocalCluster, names: readonly string[], shards: number): Promise<Nodes> =>
  nodesThat(cluster, names, `an owner among ${names.join()} for each of ${shards} shards`, (nodes) => nodes.reduce((sum, { owned }) => sum + owned, 0) === shards);

async function nodesThat(cluster: LocalCluster, names: readonly string[], what: string, fit: (nodes: Nodes['nodes']) => boolean): Promise<Nodes> {
  const host = hostOf(cluster);
  const wanted = [...names].sort().join();
  return eventually(
    async () => {
      const { status, body } = await host.ask<Nodes>('GET', '/v1/admin/nodes');
      return status === 200 && body.nodes.map(({ name }) => name).join() === wanted && body.nodes.every(({ reachable }) => reachable) && fit(body.nodes) ? body : undefined;
    },
    what,
    PATIENCE_MS,
  );
}
