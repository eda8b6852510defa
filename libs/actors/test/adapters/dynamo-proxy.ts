/** Stands between the adapter and DynamoDB and does to requests what a network and a busy service do. */
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** loseAnswer: the request does its work, the connection ends. cutAnswer: the answer ends half-way. stallAnswer: its other half never comes. hang: nothing comes back. */
export type Fate = 'pass' | 'loseAnswer' | 'cutAnswer' | 'stallAnswer' | 'refuse' | 'hang' | 'leaveHalf' | Refusal | { readonly body: unknown };

interface Refusal {
  readonly status: number;
  readonly error: string;
  readonly more?: object;
}

export interface ProxiedRequest {
  /** Such as PutItem. */
  readonly operation: string;
  readonly body: Readonly<Record<string, unknown>>;
}

type Rows = Record<string, unknown[]>;

export class DynamoProxy {
  /** Every request that came, in order. */
  readonly seen: ProxiedRequest[] = [];
  /** Decides about one request; what it awaits happens before the request goes on, or, after a lost answer, before the client knows. */
  fate: (asked: ProxiedRequest) => Fate = () => 'pass';
  /** Awaited between the work of a request whose answer is lost and the end of its connection. */
  meanwhile: () => Promise<unknown> = () => Promise.resolve();
  readonly #server = createServer((from, to) => void this.#serve(from, to).catch(() => to.destroy()));

  constructor(private readonly target: string) {}

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this.address;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** How many requests of this operation came. */
  count(operation: string): number {
    return this.seen.filter((each) => each.operation === operation).length;
  }

  /** The next request of `operation` gets `fate`, all others pass. */
  once(operation: string, fate: Fate): void {
    this.times(1, operation, fate);
  }

  times(count: number, operation: string, fate: Fate): void {
    let left = count;
    this.fate = (asked) => (asked.operation === operation && left-- > 0 ? fate : 'pass');
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of from) chunks.push(chunk as Buffer);
    const asked: ProxiedRequest = {
      operation: String(from.headers['x-amz-target']).split('.')[1] ?? '',
      body: JSON.parse(Buffer.concat(chunks).toString()) as ProxiedRequest['body'],
    };
    this.seen.push(asked);
    const fate = this.fate(asked);
    if (fate === 'hang') return;
    if (fate === 'refuse') return void to.destroy();
    if (fate === 'leaveHalf') return this.#leaveHalf(from, asked, to);
    if (typeof fate === 'object') return answer(to, fate);
    const { status, body } = await this.#forward(from, asked.body);
    if (fate === 'loseAnswer') {
      await this.meanwhile();
      to.destroy();
    } else if (fate === 'cutAnswer' || fate === 'stallAnswer') {
      to.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', 'content-length': body.length });
      to.write(body.subarray(0, Math.floor(body.length / 2)), () => void (fate === 'cutAnswer' && to.destroy()));
    } else {
      to.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
    }
  }

  /** A batch of which half is done and half comes back. */
  async #leaveHalf(from: IncomingMessage, asked: ProxiedRequest, to: ServerResponse): Promise<void> {
    const [[table, rows] = ['', []]] = Object.entries(asked.body['RequestItems'] as Rows);
    const done = rows.slice(0, Math.floor(rows.length / 2));
    if (done.length > 0) await this.#forward(from, { RequestItems: { [table]: done } });
    answer(to, { body: { UnprocessedItems: { [table]: rows.slice(done.length) } } });
  }

  #forward(from: IncomingMessage, body: unknown): Promise<{ status: number; body: Buffer }> {
    const bytes = Buffer.from(JSON.stringify(body));
    return new Promise((resolve, reject) => {
      const onward = request(this.target, { method: 'POST', headers: { ...from.headers, 'content-length': bytes.length } }, (reply) => {
        const chunks: Buffer[] = [];
        reply.on('data', (chunk: Buffer) => chunks.push(chunk));
        reply.on('end', () => resolve({ status: reply.statusCode ?? 0, body: Buffer.concat(chunks) }));
        reply.on('error', reject);
      });
      onward.on('error', reject).end(bytes);
    });
  }
}

function answer(to: ServerResponse, fate: Refusal | { readonly body: unknown }): void {
  const [status, body] = 'body' in fate ? [200, fate.body] : [fate.status, { __type: `com.amazonaws.dynamodb.v20120810#${fate.error}`, message: fate.error, ...fate.more }];
  to.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
}
