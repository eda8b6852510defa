/**
 * One process of the cluster: its clock, its timers, and its event loop as far as others can tell. Owns what waits while it is paused.
 * After a pause everything comes at once, in the order in which a real loop takes it: what it was about to do, timers that are due, then what lies in the
 * sockets, in two polls. A killed process does nothing any more, whatever was on its way to it.
 */
import type { Clock, Timers } from '@ringmaster/actors';
import type { Happening, VirtualTime } from './virtual-time.js';

/** From one phase of the loop to the next, ms. */
const PHASE_MS = 0.001;

type Phase = 'soon' | 'timer' | 'input';

export class SimProcess implements Clock, Timers {
  alive = true;
  /** World time at which the pause under way began; null: it runs. */
  pausedAt: number | null = null;
  #waiting: { phase: Phase; due: number; act: () => void }[] = [];
  #pollsUntil = 0;
  readonly #endings: (() => void)[] = [];

  constructor(
    readonly time: VirtualTime,
    readonly name: string,
    /** This process's monotonic clock shows so much more than the world's, ms. */
    readonly monoOffset: number,
    /** Its wall clock is wrong by so much, ms. */
    public wallSkew: number,
  ) {}

  mono(): number {
    return this.time.now + this.monoOffset;
  }

  wall(): number {
    return 1_700_000_000_000 + this.time.now + this.wallSkew;
  }

  after(ms: number, fn: () => void): () => void {
    return this.#plan('timer', this.time.now + Math.max(0, ms), fn);
  }

  soon(fn: () => void): void {
    this.#plan('soon', this.time.now + PHASE_MS, fn);
  }

  /** Something reaches this process from outside in `ms`. */
  input(ms: number, fn: () => void): void {
    this.inputAt(this.time.now + Math.max(PHASE_MS, ms), fn);
  }

  /** As `input`, for those who keep an order: two at the same world time come in the order of asking. */
  inputAt(at: number, fn: () => void): void {
    this.#plan('input', at, fn);
  }

  pause(): void {
    if (this.alive) this.pausedAt ??= this.time.now;
  }

  resume(): void {
    if (this.pausedAt === null) return;
    this.pausedAt = null;
    const { now } = this.time;
    const waiting = this.#waiting;
    this.#waiting = [];
    const of = (phase: Phase) => waiting.filter((each) => each.phase === phase);
    const inputs = of('input');
    const firstPoll = Math.ceil(inputs.length / 2);
    for (const { act } of of('soon')) this.time.at(now, () => this.#run('soon', now, act));
    for (const { act } of of('timer').sort((a, b) => a.due - b.due)) this.time.at(now, () => this.#run('timer', now, act));
    inputs.forEach(({ act }, index) => {
      const at = now + (index < firstPoll ? 1 : 2) * PHASE_MS;
      this.time.at(at, () => this.#go('input', at, act));
    });
    this.#pollsUntil = now + 2 * PHASE_MS;
  }

  kill(): void {
    this.alive = false;
    this.#waiting = [];
    for (const end of this.#endings.splice(0)) end();
  }

  /** Calls `fn` when the process is killed: what its peers notice. */
  onKilled(fn: () => void): void {
    this.#endings.push(fn);
  }

  #plan(phase: Phase, due: number, fn: () => void): () => void {
    let cancelled = false;
    const act = (): void => {
      if (!cancelled) fn();
    };
    const happening: Happening = this.time.at(due, () => this.#run(phase, due, act));
    return () => {
      cancelled = true;
      happening.act = null;
    };
  }

  #run(phase: Phase, due: number, act: () => void): void {
    // What arrives while parked input is still being read lies behind it.
    if (phase === 'input' && this.time.now < this.#pollsUntil) this.time.at(this.#pollsUntil, () => this.#go(phase, due, act));
    else this.#go(phase, due, act);
  }

  #go(phase: Phase, due: number, act: () => void): void {
    if (!this.alive) return;
    if (this.pausedAt !== null) this.#waiting.push({ phase, due, act });
    else act();
  }
}
