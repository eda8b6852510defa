/**
 * A client's frame on its way through the mailbox, and what becomes of its reply.
 * L6: written when the gate has opened. K2: in the order of `k`, with its `done`. K6: a frame that this node may not execute tells the router so, once.
 */
import type { DropReason, Envelope, Lane } from '@ringmaster/actors';
import type { AwaitedReply, OpenConnection } from './open-connection.js';
import type { ReplyDesk } from './reply-desk.js';
import type { SessionCommand, SessionReply } from './session-command.js';

export class PendingFrame implements Envelope<SessionCommand, SessionReply>, AwaitedReply {
  emit: (() => void) | null = null;
  start: (() => void) | null = null;

  constructor(
    private readonly desk: ReplyDesk,
    readonly open: OpenConnection,
    readonly k: number,
    readonly lane: Lane,
    readonly command: SessionCommand,
    readonly re: number | undefined,
    /** Closed behind the reply. */
    readonly fatal: boolean,
    /** When it came over the link, monotonic ms. */
    readonly cameAt: number,
  ) {}

  get entityId(): string {
    return this.open.sessionId;
  }

  replied(reply: SessionReply): void {
    this.open.settle(this, () => this.desk.reply(this, reply));
  }

  dropped(reason: DropReason, hint: string): void {
    if (reason === 'notOwner') this.desk.notOwner(this.open, hint);
    else this.open.settle(this, () => this.desk.reply(this, { ok: false, code: codeOfDrop(reason) }));
  }
}

/** 500 where the fault is ours, 501 where waiting helps. Never 502: a command that was dropped may have been handed to the journal. */
export function codeOfDrop(reason: Exclude<DropReason, 'notOwner'>): number {
  switch (reason) {
    case 'mailboxFull':
    case 'halted':
    case 'storageFull':
      return 501;
    case 'quarantined':
    case 'faulted':
      return 500;
  }
}
