/**
 * Owns the estimate of one node's monotonic clock, made of the round trips of one link, and the last clock that was shown to that node.
 * T1: arrival times are converted with it. T3: nothing that arrives after a clock was shown is converted to less than that clock.
 */

/** Samples older than two of these no longer count: two clocks drift by up to 0.1 ms a second. */
const WINDOW_MS = 5_000;
/** A node that is just starting answers its first clock late; such a sample alone may be wrong by hundreds of ms. */
const SHORT_MS = 20;
const SAMPLES_MIN = 3;

interface Sample {
  readonly rttMs: number;
  readonly offset: number;
}

export class LinkClock {
  #best: Sample | null = null;
  #before: Sample | null = null;
  #windowEnd = 0;
  #samples = 0;
  #shownMono = Number.NEGATIVE_INFINITY;
  #shown = Number.NEGATIVE_INFINITY;

  /** False before the first round trip: then nothing can be converted. */
  get known(): boolean {
    return this.#best !== null;
  }

  /** The estimate can be trusted: one short round trip, or a few of them. */
  get settled(): boolean {
    return this.#best !== null && (this.#best.rttMs <= SHORT_MS || this.#samples >= SAMPLES_MIN);
  }

  /**
   * One round trip: sent at `sent` and answered at `received` (this process), at `nodeMono` in between (the node). The sample with the shortest round trip of
   * the last two windows counts, as its error is at most half of it (RFC 5905, section 10, clock filter).
   */
  observe(sent: number, received: number, nodeMono: number): void {
    this.#samples++;
    const sample = { rttMs: received - sent, offset: nodeMono - (sent + received) / 2 };
    if (received >= this.#windowEnd) {
      this.#before = received < this.#windowEnd + WINDOW_MS ? this.#best : null;
      this.#best = null;
      this.#windowEnd = received + WINDOW_MS;
    }
    if (this.#best === null || sample.rttMs <= this.#best.rttMs) this.#best = sample;
  }

  /** Monotonic ms of this process → monotonic ms of the node. Throws RangeError while nothing is known. */
  toNode(mono: number): number {
    const estimate = mono + this.#offset();
    return mono >= this.#shownMono ? Math.max(estimate, this.#shown) : estimate;
  }

  /** As `toNode`, and remembers it as promised: nothing that arrives from `mono` on will be below the result. */
  show(mono: number): number {
    this.#shown = this.toNode(mono);
    this.#shownMono = mono;
    return this.#shown;
  }

  #offset(): number {
    const { rttMs, offset } = this.#best ?? { rttMs: 0, offset: undefined };
    if (offset === undefined) throw new RangeError('the clock of this link is not known yet');
    return this.#before !== null && this.#before.rttMs < rttMs ? this.#before.offset : offset;
  }
}
