// Owns: who is alive, as far as one process has seen. Does not own: the reading. Pure.
// No clock but its own is compared: a member is dead when its beat has stood still, or its row was missing, for `deadAfterMs` of
// time in which rows could be read. While they cannot be, nobody grows older, so the last view stands; after such an outage, or when
// Redis has forgotten everything, nobody grows older for `graceMs`, in which members write themselves down again.
import type { MembershipView } from '../../ports/membership.js';
import { compare, type MemberRow } from './rows.js';

export interface RollLimits {
  /** Observed silence after which a member is not in the view any more, ms. */
  readonly deadAfterMs: number;
  /** Nobody is dropped for this long after an outage, ms. */
  readonly graceMs: number;
  /** Observed silence after which a row is removed from Redis, ms. */
  readonly forgetAfterMs: number;
}

interface Known {
  row: MemberRow;
  /** Observed time since its last beat, ms. */
  silentMs: number;
  /** It has beaten since this process first saw it. */
  beaten: boolean;
}

export class Roll {
  readonly #limits: RollLimits;
  readonly #known = new Map<string, Known>();
  #readAt: number | undefined;
  #graceUntil = -Infinity;

  constructor(limits: RollLimits) {
    this.#limits = limits;
  }

  /** When rows were last read, monotonic ms. */
  get readAt(): number | undefined {
    return this.#readAt;
  }

  /**
   * Takes note of all rows as they stand at monotonic time `now`.
   * @param lost something that should be among them is not: Redis has forgotten
   */
  read(rows: ReadonlyMap<string, MemberRow>, now: number, lost: boolean): void {
    const gap = this.#readAt === undefined ? 0 : now - this.#readAt;
    this.#readAt = now;
    if (gap >= this.#limits.deadAfterMs || lost) this.#graceUntil = now + this.#limits.graceMs;
    const older = now < this.#graceUntil ? 0 : gap;
    for (const [field, known] of this.#known) this.#age(field, known, rows.get(field), older);
    for (const [field, row] of rows) if (!this.#known.has(field)) this.#known.set(field, { row, silentMs: 0, beaten: false });
  }

  /** Of processes with one name the later one is the member. */
  members(): readonly MemberRow[] {
    const latest = new Map<string, MemberRow>();
    for (const row of this.#living()) {
      const place = `${row.kind}/${row.name}`;
      const other = latest.get(place);
      if (other === undefined || isLater(row, other)) latest.set(place, row);
    }
    return [...latest.values()].sort((a, b) => compare(a.name, b.name));
  }

  /** Where the latest process of this name was: also one that leaves or is silent, for as long as its row is there. */
  addressOf(node: string): string | undefined {
    const rows = [...this.#known.values()].map(({ row }) => row).filter(({ kind, name }) => kind === 'node' && name === node);
    return rows.reduce<MemberRow | undefined>((latest, row) => (latest === undefined || isLater(row, latest) ? row : latest), undefined)?.address;
  }

  /** Other processes of the same name that are certainly alive. */
  rivalsOf(own: MemberRow): readonly MemberRow[] {
    const same = this.#living().filter(({ kind, name, boot }) => kind === own.kind && name === own.name && boot !== own.boot);
    return same.filter((row) => isLater(row, own) || this.#hasBeaten(row));
  }

  /** Fields of rows that nobody needs any more. */
  forgettable(): readonly string[] {
    return [...this.#known].filter(([, { silentMs }]) => silentMs >= this.#limits.forgetAfterMs).map(([field]) => field);
  }

  #age(field: string, known: Known, row: MemberRow | undefined, older: number): void {
    const beats = row !== undefined && row.beat > known.row.beat;
    if (beats) {
      known.row = row;
      known.silentMs = 0;
      known.beaten = true;
      return;
    }
    known.silentMs += older;
    // A row that comes back with an old beat must not be taken for a new process: it is remembered while it stands there.
    if (row === undefined && known.silentMs >= this.#limits.deadAfterMs) this.#known.delete(field);
  }

  #living(): MemberRow[] {
    return [...this.#known.values()].filter(({ row, silentMs }) => row.left !== true && silentMs < this.#limits.deadAfterMs).map(({ row }) => row);
  }

  #hasBeaten(row: MemberRow): boolean {
    return [...this.#known.values()].some((known) => known.row === row && known.beaten);
  }
}

export function isLater(a: MemberRow, b: MemberRow): boolean {
  return a.since > b.since || (a.since === b.since && compare(a.boot, b.boot) > 0);
}

/** What the members make of a view; `version` counts its changes. */
export function viewOf(members: readonly MemberRow[], before: MembershipView): MembershipView {
  const nodes = members.filter(({ kind }) => kind === 'node').map(({ name, boot, address }) => ({ name, boot, address }));
  const routers = members.filter(({ kind }) => kind === 'router').map(({ name }) => name);
  const same = JSON.stringify([nodes, routers]) === JSON.stringify([before.nodes, before.routers]);
  return same ? before : { version: before.version + 1, nodes, routers };
}
