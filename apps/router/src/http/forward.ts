/**
 * Forwards HTTP calls to the node that can answer them. Owns the search for that node within one call: a node that does not own what was asked for answers 503
 * and names the owner; a node that is down is tried again. Does not own what the calls mean. A call that may have been executed is sent again only if doing it
 * twice is the same as once.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { originOf, type Origin } from './client-address.js';
import { destinationOf, sameWhenRepeated, type Destination } from './destination.js';
import { OWNER_HEADER, requestHeaders, responseHeaders } from './forward-headers.js';
import { neverSent, type NodeAnswer, type NodePools } from './node-pools.js';
import { sendProblem } from './problem.js';
import { readBody } from './request-body.js';

export interface Places {
  /** Nodes that can be reached, sorted. */
  nodes(): readonly string[];
  nodeOfSession(sessionId: string): string | null;
  nodeOfShard(shard: number): string | null;
}

export interface ForwardOptions {
  readonly places: Places;
  readonly pools: Pick<NodePools, 'call'>;
  readonly trustedProxies: number;
  readonly hopsMax: number;
  /** How long a call looks for a node that answers it, ms. A node that is asked by then may take its own time. */
  readonly searchMsMax: number;
  readonly pauseMs: number;
  /** Request bodies up to this size can be sent again. */
  readonly heldBytesMax: number;
  readonly mono: () => number;
  readonly pause: (ms: number) => Promise<void>;
  readonly counted: (status: number, ms: number) => void;
}

export class Forward {
  readonly #options: ForwardOptions;
  #turn = 0;

  constructor(options: ForwardOptions) {
    this.#options = options;
  }

  /** Answers in every case; never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { mono, counted, trustedProxies } = this.#options;
    const start = mono();
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      await this.#forward(request, response, originOf(request, trustedProxies), gone.signal);
    } catch {
      // The client went away, or the node did in the middle of its answer: there is nobody to tell, or nothing to say it with.
      response.destroy();
    }
    counted(response.statusCode, mono() - start);
  }

  async #forward(request: IncomingMessage, response: ServerResponse, origin: Origin, signal: AbortSignal): Promise<void> {
    const { mono, searchMsMax, heldBytesMax } = this.#options;
    const method = request.method ?? 'GET';
    if (method === 'TRACE' || method === 'CONNECT') return sendProblem(response, { status: 405, kind: '405', detail: `${method} is not forwarded` });
    const path = request.url ?? '/';
    const body = await readBody(request, heldBytesMax);
    const headers = requestHeaders(request.headers, origin, body.again);
    const bare = path.split('?', 1)[0] ?? '';
    const destination = destinationOf(bare);
    const again = body.again && sameWhenRepeated(method, bare);
    const until = mono() + searchMsMax;
    const answer = await this.#search(destination, { held: body.again, again, until, signal }, (node) =>
      this.#options.pools.call(node, { method, path, headers, body: body.content(), signal }),
    );
    if (answer === null) return sendProblem(response, { status: 503, kind: 'unavailable', detail: 'no node could be reached that can answer this', retryAfterS: 1 });
    response.writeHead(answer.statusCode, responseHeaders(answer.headers));
    await pipeline(answer.body, response);
  }

  /** Null: nobody could be asked in time. */
  async #search(
    destination: Destination,
    call: { readonly held: boolean; readonly again: boolean; readonly until: number; readonly signal: AbortSignal },
    ask: (node: string) => Promise<NodeAnswer>,
  ): Promise<NodeAnswer | null> {
    const { mono, hopsMax, pause, pauseMs } = this.#options;
    let hint: string | null = null;
    let hops = 0;
    for (;;) {
      const node: string | null = hint ?? this.#nodeFor(destination);
      hint = null;
      if (node !== null) {
        try {
          const answer = await ask(node);
          const owner = elsewhere(answer);
          if (owner === null || !call.held || mono() >= call.until) return answer;
          await answer.body.dump();
          if (owner !== '' && owner !== node && ++hops <= hopsMax) {
            hint = owner;
            continue;
          }
          hops = 0;
        } catch (error) {
          if (call.signal.aborted) throw error;
          if (!call.again && !(call.held && neverSent(error))) return null;
        }
      }
      if (mono() >= call.until || call.signal.aborted) return null;
      await pause(pauseMs);
    }
  }

  #nodeFor(destination: Destination): string | null {
    const { places } = this.#options;
    switch (destination.kind) {
      case 'session':
        return places.nodeOfSession(destination.sessionId);
      case 'shard':
        return places.nodeOfShard(destination.shard) ?? this.#anyNode();
      case 'node':
        // One that is not known is asked about at another, which can tell.
        return places.nodes().includes(destination.node) ? destination.node : this.#anyNode();
      case 'any':
        return this.#anyNode();
    }
  }

  #anyNode(): string | null {
    const nodes = this.#options.places.nodes();
    return nodes[this.#turn++ % Math.max(1, nodes.length)] ?? null;
  }
}

/** The owner that a node names instead of answering; empty when it knows of none, null when this is its answer. */
function elsewhere({ statusCode, headers }: NodeAnswer): string | null {
  const owner = headers[OWNER_HEADER];
  return statusCode === 503 && typeof owner === 'string' ? owner : null;
}
