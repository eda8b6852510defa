/** A planted fault: one place of the production's source, changed. The simulation must find it, by the promise that it breaks. */
export interface Mutant {
  readonly name: string;
  /** The rule of the shard protocol, or the part of it, that is taken away. */
  readonly rule: string;
  /** Path from the root of the repository. */
  readonly file: string;
  /** Must occur exactly once. */
  readonly find: string;
  readonly replace: string;
  /** The invariant that must catch it. */
  readonly breaks: string;
  /** A seed that has found it before: tried first. */
  readonly seed?: number;
}

/** @throws Error when the source has changed so that the fault cannot be planted. */
export function plant({ name, file, find, replace }: Mutant, source: string): string {
  const count = source.split(find).length - 1;
  if (count !== 1) throw new Error(`mutant ${name}: its text occurs ${count} times in ${file}, it must occur once: ${JSON.stringify(find)}`);
  return source.replace(find, () => replace);
}
