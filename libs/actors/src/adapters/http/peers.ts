/**
 * O2 over HTTP: one node asks another whether it owns a shard, or is about to. Owns the connections to the other nodes, kept open between questions. A false
 * or missing answer costs a moment of availability, never correctness: the log decides.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, request } from 'undici';
import type { Peers, ProbeAnswer } from '../../ports/membership.js';
import { credentials, refusalOf } from './admit.js';

/** On the node's HTTP server; routers do not forward it. */
export const PROBE_PATH = '/internal/probe';

const ANSWERS: readonly string[] = ['owns', 'claiming', 'no'] satisfies ProbeAnswer[];
const QUESTION = /^\d{1,9}$/;
const EPOCH = /^\d{1,15}$/;

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
    const { addressOf, secret, timeoutMs = TIMEOUT_MS } = this.#options;
    const address = addressOf(node);
    if (address === undefined) throw new Error(`no node ${node} is known`);
    const { statusCode, body } = await request(`http://${address}${PROBE_PATH}?shard=${shard}&epoch=${epoch}`, {
      dispatcher: this.#agent,
      headers: secret === undefined ? {} : credentials(secret),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await body.text();
    if (statusCode !== 200 || !ANSWERS.includes(text)) throw new Error(`${node} answered a probe with ${statusCode} ${text.slice(0, 80)}`);
    return text as ProbeAnswer;
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

export interface AnswerProbesOptions {
  readonly secret?: string | undefined;
  answer(shard: number, epoch: number): ProbeAnswer;
}

/** Answers requests for `PROBE_PATH`; the server hands over nothing else. */
export function answerProbes({ secret, answer }: AnswerProbesOptions): (request: IncomingMessage, response: ServerResponse) => void {
  return (asked, response) => {
    const send = (status: number, text: string): void => void response.writeHead(status, { 'content-type': 'text/plain', 'cache-control': 'no-store' }).end(text);
    const refusal = refusalOf(asked, secret);
    if (refusal !== undefined) return send(refusal, 'not a node of this cluster');
    const query = new URLSearchParams((asked.url ?? '').split('?', 2)[1]);
    const [shard, epoch] = [query.get('shard') ?? '', query.get('epoch') ?? ''];
    if (!QUESTION.test(shard) || !EPOCH.test(epoch)) return send(400, 'it takes shard and epoch, whole numbers');
    send(200, answer(Number(shard), Number(epoch)));
  };
}
