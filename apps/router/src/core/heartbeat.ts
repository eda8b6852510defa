/**
 * Owns the signs of life of one client after its welcome: when to ping, when the client is dead, when a client that was sent nothing gets `hb`, and the
 * shortest round trip (the credit of an answer). Time is an argument: `awake` ms, which stand still while this process does.
 */
import { firstPingsAtMs } from '@ringmaster/protocol';

export interface HeartbeatLimits {
  readonly pingEveryMs: number;
  readonly pingJitterPercent: number;
  readonly deadMs: number;
}

export interface Due {
  readonly dead: boolean;
  readonly ping: boolean;
  readonly beat: boolean;
  /** ms until the next look. */
  readonly nextMs: number;
}

export class Heartbeat {
  readonly #limits: HeartbeatLimits;
  readonly #fraction: () => number;
  readonly #start: number;
  #pings = 0;
  #nextPingAt: number;
  #pingSentAt: number | null = null;
  #seenAt: number;
  #sentAt: number;
  rttMinMs = Number.POSITIVE_INFINITY;
  rttSamples = 0;

  constructor(limits: HeartbeatLimits, fraction: () => number, awake: number) {
    this.#limits = limits;
    this.#fraction = fraction;
    this.#start = awake;
    this.#nextPingAt = awake + (firstPingsAtMs[0] ?? limits.pingEveryMs);
    this.#seenAt = awake;
    this.#sentAt = awake;
  }

  /** A frame or pong came. */
  seen(awake: number): void {
    this.#seenAt = awake;
  }

  /** A message was sent to the client. */
  sent(awake: number): void {
    this.#sentAt = awake;
  }

  /** A pong came. `exact` is false when its arrival time is not known well. True: the client's round trip is worth telling the owner. */
  pong(awake: number, exact: boolean): boolean {
    this.#seenAt = awake;
    const sentAt = this.#pingSentAt;
    this.#pingSentAt = null;
    if (sentAt === null || !exact) return false;
    const rttMs = Math.max(0, awake - sentAt);
    const better = rttMs < this.rttMinMs;
    if (better) this.rttMinMs = rttMs;
    this.rttSamples++;
    return better || this.rttSamples <= firstPingsAtMs.length;
  }

  /** What is due now. The caller does it, and looks again in `nextMs`. */
  due(awake: number): Due {
    const { pingEveryMs, deadMs } = this.#limits;
    if (awake - this.#seenAt >= deadMs) return { dead: true, ping: false, beat: false, nextMs: 0 };
    const ping = awake >= this.#nextPingAt;
    if (ping) this.#pinged(awake);
    const beat = awake - this.#sentAt >= pingEveryMs;
    if (beat) this.#sentAt = awake;
    const next = Math.min(this.#nextPingAt, this.#seenAt + deadMs, this.#sentAt + pingEveryMs);
    return { dead: false, ping, beat, nextMs: Math.max(1, next - awake) };
  }

  #pinged(awake: number): void {
    this.#pings++;
    this.#pingSentAt = awake;
    const first = firstPingsAtMs[this.#pings];
    const { pingEveryMs, pingJitterPercent } = this.#limits;
    const spread = 1 + ((2 * this.#fraction() - 1) * pingJitterPercent) / 100;
    this.#nextPingAt = first === undefined ? awake + pingEveryMs * spread : Math.max(awake + 1, this.#start + first);
  }
}
