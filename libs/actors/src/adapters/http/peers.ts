/**
 * What one node asks of another, over HTTP: whether it owns a shard, or is about to (O2), and to take one (O3). Owns the connections to the other nodes, kept
 * open between questions. A false or missing answer costs a moment of availability, never correctness: the log decides.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, request } from 'undici';
import type { Peers, ProbeAnswer, ShardReport } from '../../ports/membership.js';
import { credentials, refusalOf } from './admit.js';

/** On the node's HTTP server; routers forward nothing that begins with it. */
export const PEERS_PATH = '/internal/peers';

const ANSWERS: readonly string[] = ['owns', 'claiming', 'no'] satisfies ProbeAnswer[];
const NUMBER = /^\d{1,15}$/;

export interface HttpPeersOptions {
  /** `host:port` of a node, from the membership; undefined for an unknown name. */
  addressOf(node: string): string | undefined;
  /** LINK_SECRET. */
  readonly secret?: string;
  /** After this time there is no answer, ms. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 1_000;

export class HttpPeers implements Peers {
  readonly #options: HttpPeersOptions;
  readonly #agent: Agent;

  constructor(options: HttpPeersOptions) {
    const timeout = options.timeoutMs ?? TIMEOUT_MS;
    this.#options = options;
    this.#agent = new Agent({ connections: 4, connect: { timeout }, headersTimeout: timeout, bodyTimeout: timeout });
  }

  async probe(node: string, shard: number, epoch: number): Promise<ProbeAnswer> {
    const text = await this.#ask(node, 'GET', `probe?shard=${shard}&epoch=${epoch}`);
    if (!ANSWERS.includes(text)) throw new Error(`${node} answered a probe with ${text.slice(0, 80)}`);
    return text as ProbeAnswer;
  }

  async take(node: string, shard: number): Promise<void> {
    await this.#ask(node, 'POST', `take?shard=${shard}`);
  }

  async shards(node: string): Promise<readonly ShardReport[]> {
    return JSON.parse(await this.#ask(node, 'GET', 'shards')) as ShardReport[];
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #ask(node: string, method: 'GET' | 'POST', what: string): Promise<string> {
    const { addressOf, secret, timeoutMs = TIMEOUT_MS } = this.#options;
    const address = addressOf(node);
    if (address === undefined) throw new Error(`no node ${node} is known`);
    const { statusCode, body } = await request(`http://${address}${PEERS_PATH}/${what}`, {
      method,
      dispatcher: this.#agent,
      headers: secret === undefined ? {} : credentials(secret),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`${node} answered ${statusCode} ${text.slice(0, 80)}`);
    return text;
  }
}

export interface AnswerPeersOptions {
  readonly secret?: string | undefined;
  probe(shard: number, epoch: number): ProbeAnswer;
  take(shard: number): Promise<void>;
  shards(): readonly ShardReport[];
}

/** Answers requests below `PEERS_PATH`; the server hands over nothing else. */
export function answerPeers({ secret, probe, take, shards }: AnswerPeersOptions): (request: IncomingMessage, response: ServerResponse) => void {
  return (asked, response) => {
    const send = (status: number, text: string): void => void response.writeHead(status, { 'content-type': 'text/plain', 'cache-control': 'no-store' }).end(text);
    const refusal = refusalOf(asked, secret);
    if (refusal !== undefined) return send(refusal, 'not a node of this cluster');
    const { pathname, searchParams } = new URL(asked.url ?? '', 'http://node');
    const [shard, epoch] = [numberOf(searchParams.get('shard')), numberOf(searchParams.get('epoch'))];
    const what = `${asked.method ?? ''} ${pathname.split('/').at(-1) ?? ''}`;
    if (what === 'GET probe' && shard !== null && epoch !== null) return send(200, probe(shard, epoch));
    if (what === 'GET shards') return send(200, JSON.stringify(shards()));
    if (what === 'POST take' && shard !== null) {
      return void take(shard).then(
        () => send(200, ''),
        (error: unknown) => send(409, error instanceof Error ? error.message : String(error)),
      );
    }
    send(400, 'GET probe takes shard and epoch, POST take a shard: whole numbers');
  };
}

function numberOf(text: string | null): number | null {
  return text !== null && NUMBER.test(text) ? Number(text) : null;
}
