/** How long a question is shown before its options, where nobody has said. */

export const READ_MS_MIN = 2_000;
export const READ_MS_MAX = 10_000;
/** To notice that there is something new to read. */
const SETTLE_MS = 1_500;
/** 20 characters a second, a little under the 24 of adults who read silently in their own language: learners read too. */
const CODE_POINT_MS = 50;

/** Reading time in ms: 1,500 + 50 a code point of the question's text, within 2,000–10,000 (10 code points or fewer, 170 or more). Formula of our own. */
export function readMs(text: string): number {
  let codePoints = 0;
  for (const _ of text) codePoints += 1;
  return Math.min(Math.max(SETTLE_MS + CODE_POINT_MS * codePoints, READ_MS_MIN), READ_MS_MAX);
}
