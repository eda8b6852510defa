/** A WebSocket between a client and a router. Messages of one direction keep their order; either side may vanish without a word. */
import type { ClientHandlers, ClientSocket, OutFrame } from '../../../apps/router/src/core/client-socket.js';
import type { RouterProcess } from '../cluster/router-process.js';
import type { Chance } from '../world/chance.js';
import type { SimProcess } from '../world/sim-process.js';

export interface ClientEvents {
  onOpen(): void;
  onMessage(text: string): void;
  /** Called once. 1006: without a close frame. */
  onClose(code: number): void;
}

export class SimSocket implements ClientSocket {
  #handlers: ClientHandlers | null = null;
  /** That side will hear nothing more. */
  readonly #over = { client: false, router: false };
  readonly #last = { client: 0, router: 0 };
  readonly #latencyMs: number;
  /** The network has swallowed everything since then. */
  #silent = false;

  constructor(
    private readonly client: SimProcess,
    private readonly router: RouterProcess,
    sessionId: string,
    private readonly chance: Chance,
    private readonly events: ClientEvents,
  ) {
    this.#latencyMs = chance.skewed(1, 60);
    this.router.process.onKilled(() => this.client.input(this.chance.skewed(1, 300), () => this.#closeClient(1006)));
    if (!router.process.alive) client.input(this.#latencyMs, () => this.#closeClient(1006));
    this.#toRouter(() => {
      this.#handlers = router.accept(sessionId, this);
      if (this.#handlers === null) this.#toClient(() => this.#closeClient(1013));
      else this.#toClient(() => events.onOpen());
    });
  }

  /** The client's side: sends. `arrived` hears the world time at which the router's machine had it, when the router has read it. */
  say(text: string, arrived: (at: number) => void): void {
    if (this.#over.client) return;
    const bytes = Buffer.from(text);
    const at = this.#toRouter(() => {
      arrived(at);
      this.#handlers?.onMessage(bytes, false);
    });
  }

  /** The client's network is gone. The router hears of it at once, or not before its heartbeat. */
  vanish(heard: boolean): void {
    if (this.#silent) return;
    this.#silent = true;
    this.client.input(0, () => this.#closeClient(1006));
    if (heard) this.router.process.input(this.#latencyMs, () => this.#closeRouter(1006));
  }

  /** The client goes in good order. */
  leave(): void {
    if (this.#over.client) return;
    this.#toRouter(() => this.#closeRouter(1001));
    this.#over.client = true;
  }

  send(frames: readonly OutFrame[]): void {
    for (const { bytes } of frames) {
      const text = Buffer.from(bytes).toString('utf8');
      this.#toClient(() => this.events.onMessage(text));
    }
  }

  ping(): void {
    this.#toClient(() => this.#toRouter(() => this.#handlers?.onPong()));
  }

  bufferedBytes(): number {
    return 0;
  }

  close(code: number): void {
    this.#toClient(() => this.#closeClient(code));
    this.router.process.input(2 * this.#latencyMs, () => this.#closeRouter(code));
  }

  terminate(): void {
    this.#toClient(() => this.#closeClient(1006));
    this.router.process.input(0, () => this.#closeRouter(1006));
  }

  /** @returns when it will be there. */
  #toRouter(act: () => void): number {
    const { now } = this.client.time;
    const at = (this.#last.router = Math.max(this.#last.router, now + this.#latencyMs * this.chance.between(1, 1.3)));
    this.router.process.inputAt(at, () => {
      if (!this.#over.router && !this.#silent) act();
    });
    return at;
  }

  #toClient(act: () => void): void {
    const { now } = this.client.time;
    const at = (this.#last.client = Math.max(this.#last.client, now + this.#latencyMs * this.chance.between(1, 1.3)));
    this.client.inputAt(at, () => {
      if (!this.#over.client && !this.#silent) act();
    });
  }

  #closeClient(code: number): void {
    if (this.#over.client) return;
    this.#over.client = true;
    this.events.onClose(code);
  }

  #closeRouter(code: number): void {
    if (this.#over.router) return;
    this.#over.router = true;
    this.#handlers?.onClose(code);
  }
}
