/** Connections to the nodes' HTTP servers: one pool per address, kept open between calls. Owns them; a node that changes its address gets a new pool. */
import { Readable } from 'node:stream';
import { Pool, type Dispatcher } from 'undici';

export interface NodeCall {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer | AsyncIterable<Uint8Array> | null;
  readonly signal: AbortSignal;
}

export type NodeAnswer = Dispatcher.ResponseData;

const CONNECT_TIMEOUT_MS = 1_000;
/** A node that runs says after 10 s at the latest that it has no answer yet. */
const HEADERS_TIMEOUT_MS = 12_000;
const BODY_TIMEOUT_MS = 60_000;
const CONNECTIONS_MAX = 64;

export class NodePools {
  readonly #addressOf: (node: string) => string | undefined;
  readonly #pools = new Map<string, { readonly address: string; readonly pool: Pool }>();

  constructor(addressOf: (node: string) => string | undefined) {
    this.#addressOf = addressOf;
  }

  /** Rejects with undici's errors; `code` says which. */
  call(node: string, { method, path, headers, body, signal }: NodeCall): Promise<NodeAnswer> {
    const address = this.#addressOf(node);
    if (address === undefined) return Promise.reject(Object.assign(new Error(`no node ${node} is known`), { code: 'ENOTFOUND' }));
    const content = body === null || Buffer.isBuffer(body) ? body : Readable.from(body, { objectMode: false });
    return this.#poolOf(node, address).request({ method: method as Dispatcher.HttpMethod, path, headers, body: content, signal });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map(({ pool }) => pool.destroy()));
  }

  #poolOf(node: string, address: string): Pool {
    const known = this.#pools.get(node);
    if (known?.address === address) return known.pool;
    void known?.pool.close();
    const pool = new Pool(`http://${address}`, {
      connections: CONNECTIONS_MAX,
      connectTimeout: CONNECT_TIMEOUT_MS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      bodyTimeout: BODY_TIMEOUT_MS,
    });
    this.#pools.set(node, { address, pool });
    return pool;
  }
}

/** Errors after which no byte of the request can have reached the node. */
const BEFORE_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_DESTROYED', 'UND_ERR_CLOSED']);

export function neverSent(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && BEFORE_SENT.has(String(error.code));
}
