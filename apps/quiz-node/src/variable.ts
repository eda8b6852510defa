/** How a variable of the environment is described: what it may be, for people and for the program. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

export interface Variable {
  readonly schema: z.ZodType;
  readonly accepts: string;
  readonly what: string;
  /** Its value is not shown. */
  readonly secret?: true;
}

export const NAME_TEXT = 'up to 63 letters, digits, dots, dashes';
export const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/);

/** One or more of `item`, separated by commas. */
export const listOf = <T extends z.ZodType<unknown, string>>(item: T) =>
  z
    .string()
    .transform((list) => list.split(',').map((one) => one.trim()))
    .pipe(z.array(item).min(1));

export const whole = (fallback: number, min: number, max: number) => z.coerce.number().int().min(min).max(max).default(fallback);
/** The name of a file, which becomes what is in it. */
export const pemFile = z.string().transform((path, context) => {
  const text = contentOf(path);
  if (!/-----BEGIN [A-Z ]+-----/.test(text)) context.addIssue('not a PEM file');
  return text;
});
function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
export const yesOrNo = z.enum(['0', '1']).default('0');
