/** Query parameters that several routes take. */
import { z } from 'zod';

/** true or false; `?name` and `?name=` are true. */
export const flag = z
  .enum(['true', 'false', '1', '0', ''], 'takes true or false')
  .transform((text) => text !== 'false' && text !== '0')
  .pipe(z.boolean());

/** A whole number in a query, from `min` to `max`. */
export const wholeNumber = (min: number, max: number) => {
  const takes = `takes a whole number from ${min} to ${max}`;
  return z.string().regex(/^\d{1,9}$/, takes).transform(Number).pipe(z.int().min(min, takes).max(max, takes));
};

export const limitMax = 500;
export const limitDefault = 50;

export const page = {
  limit: wholeNumber(1, limitMax).optional().describe(`Rows of a page; ${limitDefault} when absent`),
  cursor: z.string().max(1_000).optional().describe('nextCursor of the page before'),
};

export const pageQuery = z.strictObject(page);
