/**
 * Servers that the suites of one test run share. It lives in the test runner's main process, which opens a socket before the
 * first suite and starts nothing: a server starts when the first suite asks for it, once, and ends with the run. So a run
 * that needs no server pays for none, nothing is left in files that could go stale, and whoever kills the runner kills the
 * servers (server-process.ts). A line of JSON asks, a line answers.
 *
 * It also gives out the turn for clusters of three brokers, of which one takes 1 GB: one at a time in a run. With a shared
 * Kafka and DynamoDB that makes 1.5 GB in all. The turn belongs to a connection, so it comes back from a dead worker too.
 */
import { createInterface } from 'node:readline';
import type { Socket } from 'node:net';
import { startDynamo } from './dynamodb.js';
import { serverNames, type ServerName } from './environment.js';
import { startKafka } from './kafka.js';
import { startRedis } from './redis.js';
import type { Running } from './running.js';

export type Question = { readonly share: ServerName } | { readonly turn: true };
export type Answer = { readonly addresses: readonly string[] } | { readonly error: string };

interface Shared {
  readonly running: Running;
  readonly addresses: readonly string[];
}

const starts: Readonly<Record<ServerName, () => Promise<Shared>>> = {
  kafka: async () => {
    const running = await startKafka();
    return { running, addresses: running.addresses };
  },
  dynamodb: async () => {
    const running = await startDynamo();
    return { running, addresses: [running.address] };
  },
  redis: async () => {
    const running = await startRedis();
    return { running, addresses: [running.address] };
  },
};

export class SharedHost {
  private readonly started = new Map<ServerName, Promise<Shared>>();
  private lastTurn: Promise<void> = Promise.resolve();

  constructor(private readonly start = starts) {}

  serve(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    createInterface({ input: socket }).on('line', (line) => {
      void this.answer(JSON.parse(line) as Question, socket).then((answer) => socket.writable && socket.write(`${JSON.stringify(answer)}\n`));
    });
  }

  /** Ends what was started; what still starts is waited for. */
  async close(): Promise<void> {
    const all = await Promise.allSettled(this.started.values());
    await Promise.all(all.flatMap((each) => (each.status === 'fulfilled' ? [each.value.running.stop()] : [])));
  }

  private async answer(question: Question, socket: Socket): Promise<Answer> {
    if ('turn' in question) {
      const before = this.lastTurn;
      this.lastTurn = before.then(() => (socket.destroyed ? undefined : new Promise((resolve) => socket.once('close', () => resolve()))));
      await before;
      return { addresses: [] };
    }
    try {
      return { addresses: (await this.once(question.share)).addresses };
    } catch (error) {
      return { error: String(error) };
    }
  }

  /** A start that failed is not tried again: every suite of the run is told the same reason at once. */
  private once(name: ServerName): Promise<Shared> {
    if (!serverNames.includes(name)) throw new RangeError(`there is no server ${String(name)}`);
    const known = this.started.get(name) ?? this.start[name]();
    this.started.set(name, known);
    return known;
  }
}
