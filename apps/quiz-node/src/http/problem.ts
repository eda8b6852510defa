/** Every refusal over HTTP, as RFC 9457 problem details with a stable `type`. */
import { errorEntry } from '@ringmaster/protocol';

export interface FieldError {
  /** JSON pointer into the body, or `?name` of a query parameter. */
  readonly pointer: string;
  readonly detail: string;
}

export interface ProblemExtras {
  readonly errors?: readonly FieldError[];
  /** Of the catalogue of error codes, when a command was refused. */
  readonly code?: number;
  readonly name?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members, such as the rows of an import. */
  readonly members?: Readonly<Record<string, unknown>>;
}

export const problemTitles = {
  400: 'The request cannot be read',
  401: 'A valid key is needed',
  403: 'This key may not do that',
  404: 'Not found',
  405: 'This method is not for this resource',
  409: 'Not possible in the present state',
  412: 'The state is not the one that was expected',
  413: 'The body is too big',
  415: 'This type of content is not understood',
  422: 'The content is not valid',
  429: 'Too many requests',
  500: 'Something broke here',
  503: 'Not available at the moment',
} as const;

export type ProblemStatus = keyof typeof problemTitles;

export const typePrefix = 'urn:ringmaster:problem:';

export class Problem extends Error {
  constructor(
    readonly status: ProblemStatus,
    readonly detail: string,
    readonly extras: ProblemExtras = {},
  ) {
    super(detail);
    this.name = 'Problem';
  }

  get headers(): Readonly<Record<string, string>> {
    return this.extras.headers ?? {};
  }

  /** The body of `application/problem+json`. */
  toJSON(): Record<string, unknown> {
    const { errors, code, name, members } = this.extras;
    return {
      ...members,
      type: typePrefix + (name === undefined ? String(this.status) : kindOf(name)),
      title: problemTitles[this.status],
      status: this.status,
      detail: this.detail,
      ...(code === undefined ? {} : { code, name }),
      ...(errors === undefined ? {} : { errors }),
    };
  }
}

/** The last part of `type` of a refused command: `ILLEGAL_TRANSITION` → `illegal-transition`. */
export const kindOf = (name: string): string => name.toLowerCase().replaceAll('_', '-');

/** Where a refused command is found among the statuses of HTTP. */
export const statusOfCode: Readonly<Record<number, ProblemStatus>> = {
  102: 422, 202: 403, 210: 404, 305: 409, 400: 412, 401: 409, 402: 404, 403: 422, 500: 500, 501: 503, 502: 503, 503: 503,
};

const retrySoon = { 'retry-after': '1' };

/** A refused command, by its code in the catalogue. */
export function refusedCommand(code: number, extras: Omit<ProblemExtras, 'code' | 'name'> & { readonly detail?: string | undefined } = {}): Problem {
  const { name, msg, retry } = errorEntry(code);
  const { detail, headers = {}, ...rest } = extras;
  return new Problem(statusOfCode[code] ?? 409, detail ?? msg, { ...rest, code, name, headers: retry ? { ...retrySoon, ...headers } : headers });
}

export const notFound = (what: string): Problem => new Problem(404, `no such ${what}`);

/** More than these teach nothing, and could be made without end. */
const errorsMax = 100;

export function invalid(errors: readonly FieldError[]): Problem {
  const named = errors.slice(0, 3).map(({ pointer, detail }) => `${pointer === '' ? 'the body' : pointer} ${detail}`);
  return new Problem(422, named.join('; '), { errors: errors.slice(0, errorsMax) });
}
