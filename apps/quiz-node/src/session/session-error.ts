/** Why a session could not be asked: for callers that wait for one answer (REST). `code` is of the catalogue of error codes. */
import type { DropReason } from '@ringmaster/actors';
import { codeOfDrop } from './pending-frame.js';

export class SessionError extends Error {
  constructor(
    readonly code: number,
    readonly reason: DropReason | 'stalled',
    message: string,
  ) {
    super(message);
    this.name = 'SessionError';
  }
}

/** Another node owns the session, or nobody does yet. */
export class NotOwnerError extends SessionError {
  constructor(
    /** Null: any would do. */
    readonly shard: number | null,
    /** Name of the node to ask, or "". */
    readonly hint: string,
  ) {
    super(503, 'notOwner', hint === '' ? `nobody is known to own ${shard === null ? 'a shard here' : `shard ${shard}`}` : `${shard === null ? 'this' : `shard ${shard}`} belongs to ${hint}`);
    this.name = 'NotOwnerError';
  }
}

/** The journal does not answer at the moment: what is said now would wait with it, so it is not handed over at all. */
export class StalledError extends SessionError {
  constructor(readonly shard: number) {
    super(502, 'stalled', `the journal of shard ${shard} does not answer`);
    this.name = 'StalledError';
  }
}

export function errorOfDrop(reason: DropReason, shard: number, hint: string): SessionError {
  if (reason === 'notOwner') return new NotOwnerError(shard, hint);
  return new SessionError(codeOfDrop(reason), reason, `the session was not asked: ${reason}`);
}
