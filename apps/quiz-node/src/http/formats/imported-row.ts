/** One question as a file gives it, before the rules of a quiz are asked. */
export type ImportedRow =
  | {
      /** Line of the file, or 1-based place in its list. */
      readonly line: number;
      readonly question: Readonly<Record<string, unknown>>;
      /** What was changed to make it readable, in words. */
      readonly fixes: readonly string[];
    }
  | { readonly line: number; readonly refused: string };

export interface ImportedFile {
  readonly title?: string;
  readonly defaults?: unknown;
  readonly rows: readonly ImportedRow[];
  /** What was passed over in the file as a whole, in words. */
  readonly notes: readonly string[];
}

/** A file that cannot be read at all. The message names what was expected. */
export class UnreadableFileError extends Error {}

/** Trims and folds white space; notes that it did. */
export function tidy(text: string, what: string, fixes: string[]): string {
  const tidied = text.replace(/\s+/gu, ' ').trim();
  if (tidied !== text) fixes.push(`${what}: white space tidied`);
  return tidied;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UnreadableFileError(`not JSON: ${(error as Error).message}`, { cause: error });
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
