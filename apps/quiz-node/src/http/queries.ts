/** Query parameters that several routes take. */
import { z } from 'zod';

export const flag = z
  .enum(['true', 'false', '1', '0', ''], 'takes true or false')
  .transform((text) => text !== 'false' && text !== '0')
  .meta({ description: 'true or false; without a value: true' });

/** A whole number in a query, from `min` to `max`. */
export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `takes a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `takes a whole number from ${min} to ${max}`)
    .meta({ description: `A whole number from ${min} to ${max}`, pattern: '^\\d{1,9}$' });

export const limitMax = 500;
export const limitDefault = 50;

export const page = {
  limit: wholeNumber(1, limitMax).optional().describe(`Rows of a page, 1 to ${limitMax}; ${limitDefault} when absent`),
  cursor: z.string().max(1_000).optional().describe('nextCursor of the page before'),
};

export const pageQuery = z.strictObject(page);
