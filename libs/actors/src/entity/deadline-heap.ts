/**
 * A binary heap of slots by time, in typed arrays: 16 bytes a slot, no timer and no object each (P7).
 * Ties go to the lower slot, so that the order is the same in every run.
 */
export class DeadlineHeap {
  private times = new Float64Array(16).fill(Infinity);
  private places = new Int32Array(16).fill(-1);
  private heap = new Int32Array(16);
  private size = 0;

  /** Time of `slot`, ms; Infinity: none. */
  timeOf(slot: number): number {
    return this.times[slot] ?? Infinity;
  }

  /** The earliest time, ms; Infinity: none. */
  get earliest(): number {
    return this.size === 0 ? Infinity : this.times[this.heap[0]!]!;
  }

  /** Takes out the earliest slot if its time has come. @returns -1 if not. */
  takeDue(now: number): number {
    if (this.earliest > now) return -1;
    const slot = this.heap[0]!;
    this.set(slot, Infinity);
    return slot;
  }

  set(slot: number, time: number): void {
    if (slot >= this.times.length) this.grow(slot + 1);
    this.times[slot] = time;
    const place = this.places[slot]!;
    if (time === Infinity) {
      if (place !== -1) this.remove(slot, place);
    } else if (place === -1) {
      this.put(slot, this.size++);
      this.up(this.places[slot]!);
    } else {
      this.up(place);
      this.down(this.places[slot]!);
    }
  }

  private remove(slot: number, place: number): void {
    this.places[slot] = -1;
    const last = this.heap[--this.size]!;
    if (last === slot) return;
    this.put(last, place);
    this.up(place);
    this.down(this.places[last]!);
  }

  private up(place: number): void {
    const slot = this.heap[place]!;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.before(slot, this.heap[parent]!)) break;
      this.put(this.heap[parent]!, place);
      place = parent;
    }
    this.put(slot, place);
  }

  private down(place: number): void {
    const slot = this.heap[place]!;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.size) break;
      if (child + 1 < this.size && this.before(this.heap[child + 1]!, this.heap[child]!)) child++;
      if (!this.before(this.heap[child]!, slot)) break;
      this.put(this.heap[child]!, place);
      place = child;
    }
    this.put(slot, place);
  }

  private before(a: number, b: number): boolean {
    const ta = this.times[a]!;
    const tb = this.times[b]!;
    return ta < tb || (ta === tb && a < b);
  }

  private put(slot: number, place: number): void {
    this.heap[place] = slot;
    this.places[slot] = place;
  }

  private grow(slots: number): void {
    const length = Math.max(slots, Math.ceil(this.times.length * 1.5));
    const { times, places, heap } = this;
    (this.times = new Float64Array(length).fill(Infinity)).set(times);
    (this.places = new Int32Array(length).fill(-1)).set(places);
    (this.heap = new Int32Array(length)).set(heap);
  }
}
