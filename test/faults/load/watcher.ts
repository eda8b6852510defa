/**
 * Stays at one router, follows one session and asks for its time again and again. Each answer says when a frame that was sent at a known moment reached that
 * router: by it the checker can prove that an answer sent before was in time.
 */
import { Client, type ClientSpec } from './client.js';

const SYNC_EVERY_MS = 400;

export class Watcher {
  readonly client: Client;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(private readonly spec: ClientSpec) {
    this.client = new Client(spec, { welcomed: () => this.#ask(), heard: () => undefined, waits: () => true });
  }

  get isDone(): boolean {
    return this.client.isFinished || this.client.stoppedWith !== undefined;
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.client.end();
  }

  #ask(): void {
    clearTimeout(this.#timer);
    if (this.#ended) return;
    this.client.send('sync', { t0: performance.now() });
    this.#timer = setTimeout(() => this.#ask(), SYNC_EVERY_MS * this.spec.chance.between(0.8, 1.2));
  }
}
