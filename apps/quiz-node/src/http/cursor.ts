/** Opaque cursors of paged lists: where the page before ended. */
import { invalid } from './problem.js';

export function encodeCursor(position: string): string {
  return Buffer.from(position, 'utf8').toString('base64url');
}

/** @throws Problem 422 for what no page ever gave out. */
export function decodeCursor(cursor: string): string {
  const position = Buffer.from(cursor, 'base64url').toString('utf8');
  if (position === '' || encodeCursor(position) !== cursor) throw invalid([{ pointer: '?cursor', detail: 'is none that a page gave out' }]);
  return position;
}

/** The cursor of a list by index. @throws Problem 422 */
export function decodeOffset(cursor: string): number {
  const offset = Number(decodeCursor(cursor));
  if (!Number.isInteger(offset) || offset < 0) throw invalid([{ pointer: '?cursor', detail: 'is none that a page gave out' }]);
  return offset;
}
