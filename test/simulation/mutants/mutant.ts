import type { FamilyName } from '../faults/families.js';

/** A planted fault: one place of the production's source, or a few in one file, changed. The simulation must find it, by the promise that it breaks. */
export interface Mutant {
  readonly name: string;
  /** The rule of the shard protocol, or the part of it, that is taken away. */
  readonly rule: string;
  /** Path from the root of the repository. */
  readonly file: string;
  /** Must occur exactly once. */
  readonly find: string;
  readonly replace: string;
  /** Further places in that file, where one alone does not compile or is not the fault. */
  readonly also?: readonly { readonly find: string; readonly replace: string }[];
  /** The invariant that must catch it. */
  readonly breaks: string;
  /** Only this family of faults shows it in few seeds. */
  readonly family?: FamilyName;
  /** A seed that has found it before: tried first. */
  readonly seed?: number;
}

/** @throws Error when the source has changed so that the fault cannot be planted. */
export function plant({ name, file, find, replace, also = [] }: Mutant, source: string): string {
  return [{ find, replace }, ...also].reduce((text, change) => {
    const count = text.split(change.find).length - 1;
    if (count !== 1) throw new Error(`mutant ${name}: its text occurs ${count} times in ${file}, it must occur once: ${JSON.stringify(change.find)}`);
    return text.replace(change.find, () => change.replace);
  }, source);
}
