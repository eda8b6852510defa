/**
 * Columns of whole numbers by player. A typed array costs some hundred bytes before its first number, so a small session
 * (nearly all of them) keeps plain arrays; above 32 players four bytes a number count for more. Both are read and written by index alike.
 */

export const SMALL_MAX = 32;

/** 32-bit signed. */
export type Ints = number[] | Int32Array;
/** `rows`: of how many players, where each has several numbers. */
export function ints(length: number, fill = 0, rows = length): Ints {
  if (rows <= SMALL_MAX) return new Array<number>(length).fill(fill);
  const made = new Int32Array(length);
  if (fill !== 0) made.fill(fill);
  return made;
}

/** A copy with `length` entries; the new ones are `fill`. */
export function extended(column: Ints, length: number, fill = 0, rows = length): Ints {
  const made = ints(length, fill, rows);
  const n = Math.min(column.length, length);
  for (let i = 0; i < n; i += 1) made[i] = column[i] as number;
  return made;
}

/** The number at `i`, 0 beyond the end. */
export function at(column: ArrayLike<number>, i: number): number {
  return i < column.length ? (column[i] as number) : 0;
}
