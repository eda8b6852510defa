/** When two texts are the same answer: normal forms, and one slip of the finger where the key allows it. */
import type { TextKey } from './definition.js';

/** Shorter accepted answers forgive no slip: too many other words are one edit away. */
export const EDIT_CODE_POINTS_MIN = 5;

/** NFKC, lower case of the root locale, ß as ss, one space for each run of white space, trimmed, NFKC; without accents: NFD less its non-spacing marks. */
export function normaliseText(text: string, accents: boolean): string {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/\p{White_Space}+/gu, ' ')
    .replace(/^ | $/g, '')
    .normalize('NFKC');
  return accents ? plain : plain.normalize('NFD').replace(/\p{Mn}/gu, '');
}

interface Accepted {
  readonly text: string;
  readonly codePoints: readonly string[];
}

/** Keys are immutable and shared by all sessions of a deck: each is normalised once. */
const acceptedOf = new WeakMap<TextKey, readonly Accepted[]>();

function accepted(key: TextKey): readonly Accepted[] {
  let list = acceptedOf.get(key);
  if (list === undefined) {
    list = key.accept.map((answer) => {
      const text = normaliseText(answer, key.accents);
      return { text, codePoints: [...text] };
    });
    acceptedOf.set(key, list);
  }
  return list;
}

/** True if one insertion, deletion or replacement, or none, turns `a` into `b` (Levenshtein distance ≤ 1). Linear. */
export function withinOneEdit(a: readonly string[], b: readonly string[]): boolean {
  if (a.length > b.length) return withinOneEdit(b, a);
  if (b.length - a.length > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  return b.length - start - end <= 1;
}

/** True if `value` is one of the key's accepted answers. */
export function matchesText(key: TextKey, value: string): boolean {
  const list = accepted(key);
  const text = normaliseText(value, key.accents);
  for (const answer of list) if (answer.text === text) return true;
  if (key.editDistance === 0) return false;
  const codePoints = [...text];
  for (const answer of list) {
    if (answer.codePoints.length >= EDIT_CODE_POINTS_MIN && withinOneEdit(answer.codePoints, codePoints)) return true;
  }
  return false;
}
