/** Whatever was thrown on the way of a request, as the problem that its sender gets. */
import { JournalError } from '@ringmaster/actors';
import { NotOwnerError, SessionError } from '../session/session-error.js';
import { Problem, refusedCommand } from './problem.js';

/** Names the node to ask instead; the router follows it, and takes it out of the answer. Empty: nobody is known to own the session. */
export const ownerHeader = 'x-ringmaster-owner';

/** @param broken is told of what should never happen; the caller gets no details of it. */
export function toProblem(error: unknown, broken: (error: unknown) => void): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof NotOwnerError) return refusedCommand(503, { detail: 'the session is on another node', headers: { [ownerHeader]: error.hint } });
  if (error instanceof SessionError) return refusedCommand(error.code);
  if (error instanceof JournalError) {
    broken(error);
    return refusedCommand(502, { detail: 'the store does not answer as it should' });
  }
  return fromStatus(error) ?? unexpected(error, broken);
}

/** Express and its body reader throw errors that carry a status. */
function fromStatus(error: unknown): Problem | undefined {
  const { status, message } = (error ?? {}) as { readonly status?: unknown; readonly message?: unknown };
  if (status === 413) return new Problem(413, 'the body is larger than is taken here');
  if (status === 415) return new Problem(415, 'compressed bodies are not taken');
  return typeof status === 'number' && status >= 400 && status < 500 ? new Problem(400, String(message)) : undefined;
}

function unexpected(error: unknown, broken: (error: unknown) => void): Problem {
  broken(error);
  return refusedCommand(500, { detail: 'the request was not completed; it may be sent again' });
}
