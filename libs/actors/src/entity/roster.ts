/**
 * S4: every entity of a shard that was ever journaled, hot or passive, as (id, n, deadline) and nothing more: about 100 bytes.
 * Owns the slots. `n` is what the snapshot pointer of a passive entity must cover; deadlines are armed here for hot ones too.
 */
import { DeadlineHeap } from './deadline-heap.js';

export class Roster {
  private readonly slots = new Map<string, number>();
  private readonly ids: (string | undefined)[] = [];
  private readonly free: number[] = [];
  private coveredN = new Float64Array(16);
  private readonly heap = new DeadlineHeap();

  get size(): number {
    return this.slots.size;
  }

  has(id: string): boolean {
    return this.slots.has(id);
  }

  add(id: string): void {
    if (this.slots.has(id)) return;
    const slot = this.free.pop() ?? this.ids.length;
    this.ids[slot] = id;
    this.slots.set(id, slot);
    if (slot >= this.coveredN.length) {
      const grown = new Float64Array(Math.ceil(this.coveredN.length * 1.5));
      grown.set(this.coveredN);
      this.coveredN = grown;
    }
    this.coveredN[slot] = 0;
  }

  remove(id: string): void {
    const slot = this.slots.get(id);
    if (slot === undefined) return;
    this.heap.set(slot, Infinity);
    this.slots.delete(id);
    this.ids[slot] = undefined;
    this.free.push(slot);
  }

  /** Number up to which the stored snapshot is known to reach; 0: there is none. */
  covered(id: string): number {
    const slot = this.slots.get(id);
    return slot === undefined ? 0 : this.coveredN[slot]!;
  }

  setCovered(id: string, n: number): void {
    const slot = this.slots.get(id);
    if (slot !== undefined) this.coveredN[slot] = n;
  }

  /** Arms the entity's one deadline, session time in ms; null disarms. */
  arm(id: string, at: number | null): void {
    const slot = this.slots.get(id);
    if (slot !== undefined) this.heap.set(slot, at ?? Infinity);
  }

  /** Session time of the earliest deadline, ms; Infinity: none. */
  get earliest(): number {
    return this.heap.earliest;
  }

  /** Disarms one deadline at or before `now`. @returns its entity's id. */
  takeDue(now: number): string | undefined {
    const slot = this.heap.takeDue(now);
    return slot === -1 ? undefined : this.ids[slot];
  }

}
