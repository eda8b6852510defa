/** Opaque cursors of paged lists: where the page before ended. */
import { invalid, type Problem } from './problem.js';

export function encodeCursor(position: string): string {
  return Buffer.from(position, 'utf8').toString('base64url');
}

/** @param form what positions of this list look like. @throws Problem 422 for what no page ever gave out */
export function decodeCursor(cursor: string, form: RegExp): string {
  const position = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!form.test(position) || encodeCursor(position) !== cursor) throw badCursor();
  return position;
}

/** The cursor of a list by index. @throws Problem 422 */
export function decodeOffset(cursor: string): number {
  return Number(decodeCursor(cursor, /^(?:0|[1-9]\d{0,8})$/));
}

/** The cursor of standings: a page goes on in the revision that it began in. @throws Problem 422 */
export function decodeBoardCursor(cursor: string): { readonly revision: number; readonly offset: number } {
  const [revision, offset] = decodeCursor(cursor, /^\d{1,9}\.\d{1,9}$/).split('.');
  return { revision: Number(revision), offset: Number(offset) };
}

const badCursor = (): Problem => invalid([{ pointer: '?cursor', detail: 'is none that a page gave out' }]);
