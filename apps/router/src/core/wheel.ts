/**
 * Owns when each of many things is looked at next: one timer for all, because a timer of its own costs every connection memory. Does not own what the look
 * does. A thing has one place; `at` moves it. Looks come late by up to one slot, never early.
 */
import type { Clock, Timers } from '@ringmaster/actors';

const SLOT_MS = 100;

export class Wheel<T extends object> {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #look: (thing: T) => void;
  readonly #slots = new Map<number, Set<T>>();
  readonly #slotOf = new Map<T, number>();
  #turned: number;
  #cancel: () => void = () => undefined;

  constructor(clock: Clock, timers: Timers, look: (thing: T) => void) {
    this.#clock = clock;
    this.#timers = timers;
    this.#look = look;
    this.#turned = Math.floor(clock.mono() / SLOT_MS);
  }

  start(): void {
    this.#cancel = this.#timers.after(SLOT_MS, () => {
      this.#turn();
      this.start();
    });
  }

  stop(): void {
    this.#cancel();
  }

  /** Looks at `thing` once, `inMs` from now. */
  after(inMs: number, thing: T): void {
    this.forget(thing);
    const slot = Math.max(this.#turned + 1, Math.ceil((this.#clock.mono() + inMs) / SLOT_MS));
    const things = this.#slots.get(slot);
    if (things === undefined) this.#slots.set(slot, new Set([thing]));
    else things.add(thing);
    this.#slotOf.set(thing, slot);
  }

  forget(thing: T): void {
    const slot = this.#slotOf.get(thing);
    if (slot === undefined) return;
    this.#slotOf.delete(thing);
    const things = this.#slots.get(slot);
    things?.delete(thing);
    if (things?.size === 0) this.#slots.delete(slot);
  }

  #turn(): void {
    const now = Math.floor(this.#clock.mono() / SLOT_MS);
    // After a long stall only the slots in use are walked, not every slot that went by.
    const due = now - this.#turned > this.#slots.size ? [...this.#slots.keys()].filter((slot) => slot <= now).sort((a, b) => a - b) : this.#between(now);
    this.#turned = now;
    for (const slot of due) {
      const things = this.#slots.get(slot);
      this.#slots.delete(slot);
      for (const thing of things ?? []) {
        this.#slotOf.delete(thing);
        this.#look(thing);
      }
    }
  }

  #between(now: number): number[] {
    const due: number[] = [];
    for (let slot = this.#turned + 1; slot <= now; slot++) due.push(slot);
    return due;
  }
}
