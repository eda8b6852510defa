import { UnknownEventError } from './behavior.js';
import { JournalError } from './ports/journal.js';

/**
 * A shard, or one entity, stands still with a named error: nothing is guessed (I9). Names: JOURNAL_GAP, RECORD_CONFLICT,
 * JOURNAL_CORRUPT, UNKNOWN_EVENT, SNAPSHOT_CORRUPT, SNAPSHOT_MISSING, INTERNAL, and those of a journal's permanent errors.
 */
export class Halt extends Error {
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'Halt';
  }
}

/** The halt that `error` demands, or undefined when trying again may help. */
export function haltOf(error: unknown): Halt | undefined {
  if (error instanceof Halt) return error;
  if (error instanceof UnknownEventError) return new Halt(error.code, error.message, { cause: error });
  if (error instanceof JournalError && error.kind !== 'unknown') return new Halt(error.code, error.message, { cause: error });
  return undefined;
}

/** For errors that no rule foresees: a fault of this program stops the shard and not the node. */
export function haltFor(error: unknown): Halt {
  return haltOf(error) ?? new Halt('INTERNAL', error instanceof Error ? error.message : String(error), { cause: error });
}
