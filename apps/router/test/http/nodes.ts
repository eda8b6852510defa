/** HTTP servers that answer as the test says, behind a Forward with its own server in front. */
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Forward, type ForwardOptions } from '../../src/http/forward.js';
import { NodePools } from '../../src/http/node-pools.js';

export interface Seen {
  readonly node: string;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Got {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Answer = (seen: Seen, response: ServerResponse) => void;

export class Nodes {
  readonly seen: Seen[] = [];
  /** What each node does; by default it answers with its name. */
  readonly answers = new Map<string, Answer>();
  /** Node of every session and shard. */
  owner: string | null = 'a';
  readonly counted: number[] = [];
  /** Pauses so far; none of them takes time. */
  pauses = 0;
  onPause: () => void = () => undefined;
  now = 0;
  readonly #addresses = new Map<string, string>();
  readonly #servers: Server[] = [];
  readonly #pools = new NodePools((node) => this.#addresses.get(node));
  #front = 0;

  static async start(names: readonly string[], options: Partial<ForwardOptions> = {}): Promise<Nodes> {
    const nodes = new Nodes();
    for (const name of names) nodes.#addresses.set(name, `127.0.0.1:${await nodes.#listen((req, res) => nodes.#answer(name, req, res))}`);
    const forward = new Forward({
      pools: nodes.#pools,
      places: { nodes: () => names, nodeOfSession: () => nodes.owner, nodeOfShard: () => nodes.owner },
      trustedProxies: 0,
      hopsMax: 3,
      searchMsMax: 1_000,
      pauseMs: 100,
      heldBytesMax: 1_000,
      mono: () => nodes.now,
      pause: (ms) => {
        nodes.pauses++;
        nodes.now += ms;
        nodes.onPause();
        return Promise.resolve();
      },
      counted: (status) => nodes.counted.push(status),
      ...options,
    });
    nodes.#front = await nodes.#listen((req, res) => void forward.handle(req, res));
    return nodes;
  }

  /** Nobody listens there. */
  lose(name: string): void {
    this.#addresses.set(name, '127.0.0.1:1');
  }

  addressOf(name: string): string | undefined {
    return this.#addresses.get(name);
  }

  back(name: string, address: string | undefined): void {
    if (address !== undefined) this.#addresses.set(name, address);
  }

  call(method: string, path: string, { headers = {}, body }: { headers?: Record<string, string>; body?: string } = {}): Promise<Got> {
    return new Promise((resolve, reject) => {
      const outgoing = request({ port: this.#front, host: '127.0.0.1', method, path, headers, agent: false }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
        response.on('error', reject);
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  get front(): number {
    return this.#front;
  }

  async stop(): Promise<void> {
    await this.#pools.close();
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  async #listen(listener: (req: IncomingMessage, res: ServerResponse) => void): Promise<number> {
    const server = createServer(listener);
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  #answer(node: string, req: IncomingMessage, res: ServerResponse): void {
    let body = '';
    req.setEncoding('utf8');
    req.on('data', (chunk: string) => (body += chunk));
    req.on('error', () => undefined);
    req.on('end', () => {
      const seen = { node, method: req.method ?? '', url: req.url ?? '', headers: req.headers, body };
      this.seen.push(seen);
      const answer = this.answers.get(node);
      if (answer === undefined) res.end(node);
      else answer(seen, res);
    });
  }
}

/** 503 with the name of the owner. */
export const sendsTo =
  (owner: string): Answer =>
  (_seen, response) =>
    response.writeHead(503, { 'x-ringmaster-owner': owner }).end('not mine');
