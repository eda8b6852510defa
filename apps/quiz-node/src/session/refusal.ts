/** A decision that changes nothing and says why. `code` is of the catalogue of error codes. */
import type { Rejection } from '../quiz/replies.js';

export interface Refusal {
  readonly kind: 'answer';
  readonly events: readonly never[];
  readonly reply: () => Rejection;
}

export function refusal(code: number, detail?: string): Refusal {
  const rejection: Rejection = { ok: false, code, ...(detail === undefined ? {} : { extra: { detail } }) };
  return { kind: 'answer', events: [], reply: () => rejection };
}
