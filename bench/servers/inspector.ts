/** A look into a running Node process, started with `inspectArgs`: collects its garbage, reads its memory, profiles it. By the DevTools protocol, so that the programs need no door for it. */
import { WebSocket } from 'ws';
import type { Started } from '../harness/pinned.js';

/** Any free port. */
export const inspectArgs = ['--inspect=127.0.0.1:0'] as const;

export interface Heap {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
  readonly arrayBuffers: number;
}

export class Inspector {
  #id = 0;
  readonly #waiting = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>();

  private constructor(private readonly socket: WebSocket) {}

  /** @throws when the process was not started for it. */
  static async attach(process: Started): Promise<Inspector> {
    const url = /Debugger listening on (ws:\S+)/.exec(process.errors())?.[1];
    if (url === undefined) throw new Error('the process has no inspector');
    const inspector = new Inspector(new WebSocket(url));
    await new Promise((resolve, reject) => inspector.socket.once('open', resolve).once('error', reject));
    inspector.socket.on('message', (data: Buffer) => inspector.#received(data));
    return inspector;
  }

  ask<T>(method: string, params: object = {}): Promise<T> {
    const id = (this.#id += 1);
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }

  /** Memory after all garbage is gone, bytes. */
  async heap(): Promise<Heap> {
    await this.ask('HeapProfiler.collectGarbage');
    await this.ask('HeapProfiler.collectGarbage');
    const { result } = await this.ask<{ result: { value: string } }>('Runtime.evaluate', { expression: 'JSON.stringify(process.memoryUsage())', returnByValue: true });
    return JSON.parse(result.value) as Heap;
  }

  close(): void {
    this.socket.close();
  }

  #received(data: Buffer): void {
    const { id, result, error } = JSON.parse(data.toString()) as { id?: number; result?: never; error?: { message: string } };
    const waiting = this.#waiting.get(id ?? -1);
    if (waiting === undefined) return;
    this.#waiting.delete(id!);
    if (error) waiting.reject(new Error(error.message));
    else waiting.resolve(result as never);
  }
}
