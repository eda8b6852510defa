/** How a variable of the environment is described: what it may be, for people and for the program. */
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
export const yesOrNo = z.enum(['0', '1']).default('0');
