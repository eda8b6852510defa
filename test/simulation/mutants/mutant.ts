import type { FamilyName } from '../faults/families.js';

/** One place of the production's source, and what stands there instead. */
export interface Change {
  /** Path from the root of the repository. */
  readonly file: string;
  /** Must occur exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** A planted fault: one place of the production's source, or a few, changed. The simulation must find it, by the promise that it breaks. */
export interface Mutant extends Change {
  readonly name: string;
  /** The rule of the shard protocol, or the part of it, that is taken away. */
  readonly rule: string;
  /** Further places, where one alone does not compile or is not the fault; in the same file, unless another is named. */
  readonly also?: readonly (Omit<Change, 'file'> & Partial<Change>)[];
  /** The invariant that must catch it; where it is doubled: it and its double together. */
  readonly breaks: string;
  /** It survives alone, because this stands behind it. */
  readonly doubledBy?: Double;
  /** Only this family of faults shows it in few seeds. */
  readonly family?: FamilyName;
  /** A seed that has found it before: tried first. */
  readonly seed?: number;
}

/** What keeps the promise when the guard is gone: taken away as well, the promise breaks, in a run in which neither alone breaks it. */
export interface Double {
  readonly rule: string;
  readonly changes: readonly Change[];
}

/** The faults of one module graph: a name for it, and all that is changed. */
export interface Planting {
  readonly name: string;
  readonly changes: readonly Change[];
}

export function alone({ name, file, find, replace, also = [] }: Mutant): Planting {
  return { name, changes: [{ file, find, replace }, ...also.map((change) => ({ file, ...change }))] };
}

/** What stands behind a guard, taken away without it. */
export const doubleOf = ({ name }: Mutant, { changes }: Double): Planting => ({ name: `${name}-double`, changes });

export function together(mutant: Mutant, { changes }: Double): Planting {
  return { name: `${mutant.name}-and-double`, changes: [...alone(mutant).changes, ...changes] };
}

/** @throws Error when the source has changed so that the fault cannot be planted. */
export function plant({ name, changes }: Planting, file: string, source: string): string {
  return changes.filter((change) => change.file === file).reduce((text, { find, replace }) => {
    const count = text.split(find).length - 1;
    if (count !== 1) throw new Error(`mutant ${name}: its text occurs ${count} times in ${file}, it must occur once: ${JSON.stringify(find)}`);
    return text.replace(find, () => replace);
  }, source);
}
