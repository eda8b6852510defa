/**
 * Owns the connections to all brokers, some per broker: a broker answers the requests of one connection one after the other, so that an
 * append which waits for its followers would hold up everything behind it. Does not own: who leads what. A connection on which
 * something failed is closed and forgotten; the next request opens another. Nothing is sent twice here (L4: who appends decides).
 */
import { TransportError, type Address, type KafkaClient, type KafkaConnection } from './client.js';
import type { KafkaSettings } from './options.js';

/** produce: appends. retry: appends of shards whose last outcome was unknown. fetch: reads. control: all else. */
export type Lane = 'produce' | 'retry' | 'fetch' | 'control';

interface Slot {
  readonly connection: KafkaConnection;
  readonly opened: Promise<void>;
  isOpening: boolean;
}

/** The client's own time-out should speak first, ms; it does not cover every step. */
const GRACE_MS = 500;

export class Connections {
  readonly #slots = new Map<string, Slot>();
  #closed = false;

  constructor(
    private readonly client: KafkaClient,
    private readonly settings: KafkaSettings,
  ) {}

  /**
   * Makes one call on the connection of a broker's lane. @param api its name in the protocol
   * @throws TransportError; the request may have been carried out all the same
   */
  async call<T>(address: Address, lane: Lane, api: string, call: (connection: KafkaConnection) => Promise<T>): Promise<T> {
    const { clock, onRequest, requestTimeoutMs } = this.settings;
    const broker = nameOf(address);
    const key = `${broker}/${lane}`;
    const began = clock.mono();
    const slot = this.#slot(address, key);
    let ok = false;
    try {
      await slot.opened;
      const answer = await this.#within(requestTimeoutMs + GRACE_MS, call(slot.connection));
      ok = true;
      return answer;
    } catch (error) {
      this.#discard(key, slot);
      throw error;
    } finally {
      onRequest?.({ api, broker, ms: clock.mono() - began, ok });
    }
  }

  /** Closes all at once. */
  close(): void {
    this.#closed = true;
    for (const [key, slot] of this.#slots) this.#discard(key, slot);
  }

  #slot(address: Address, key: string): Slot {
    if (this.#closed) throw new TransportError('network', 'the connections are closed');
    const known = this.#slots.get(key);
    if (known !== undefined && (known.isOpening || known.connection.alive)) return known;
    if (known !== undefined) this.#discard(key, known);
    const { connectTimeoutMs, requestTimeoutMs } = this.settings;
    const connection = this.client.dial(address);
    const opened = this.#within(connectTimeoutMs + requestTimeoutMs, connection.open()); // several steps with TLS and SASL
    const slot: Slot = { connection, opened, isOpening: true };
    this.#slots.set(key, slot);
    opened.then(
      () => {
        slot.isOpening = false;
      },
      () => {
        this.#discard(key, slot);
      },
    );
    return slot;
  }

  #discard(key: string, slot: Slot): void {
    slot.connection.destroy();
    if (this.#slots.get(key) === slot) this.#slots.delete(key);
  }

  #within<T>(ms: number, work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.settings.timers.after(ms, () => {
        reject(new TransportError('timeout', `no answer within ${ms} ms`));
      });
      work.then(resolve, reject).finally(cancel);
    });
  }
}

export function nameOf({ host, port }: Address): string {
  return `${host}:${port}`;
}
