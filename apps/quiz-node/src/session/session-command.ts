/** What a session is asked, and what it answers. All of it goes through the mailbox and the gate (L6), refusals too, so that nobody speaks from an old state. */
import type { ClientCommand, ClientPayload, Role } from '@ringmaster/protocol';
import type { TurnMeta } from '@ringmaster/actors';
import type { Command } from '../quiz/commands.js';
import type { Reply } from '../quiz/replies.js';
import type { Generation } from './bind-blob.js';
import type { MissedFrame } from './history.js';
import type { Seat } from './seat.js';
import type { QuizState } from './domain.js';

export type SessionCommand =
  | { readonly type: 'domain'; readonly command: Command }
  | {
      readonly type: 'hello';
      readonly seat: Seat;
      /** Id of the frame, which the welcome echoes. */
      readonly re: number;
      readonly d: ClientPayload<'hello'>;
      /** Used if it makes a new player. */
      readonly freshPlayerId: string;
      readonly recvAt: number;
    }
  /** A connection that another owner had welcomed: its position as the router wrote it last (K4). */
  | { readonly type: 'rebind'; readonly seat: Seat; readonly e: string; readonly s: number; readonly p: number }
  | { readonly type: 'client'; readonly seat: Seat; readonly message: Exclude<ClientCommand, { t: 'hello' }>; readonly recvAt: number; readonly creditMs: number }
  /** A frame that could not be read or came too fast. `hello`: it was meant to be one. */
  | { readonly type: 'refuse'; readonly seat: Seat; readonly code: number; readonly hello: boolean; readonly detail?: string }
  /** Looks at the state, inside a turn. The result must not refer into the state. */
  | { readonly type: 'query'; readonly read: (state: QuizState, meta: TurnMeta) => unknown }
  /** Looks whether everybody who could still answer is gone. */
  | { readonly type: 'closeIfAll' };

export interface Welcome {
  readonly ok: true;
  readonly type: 'welcome';
  readonly role: Role;
  readonly playerId?: string;
  readonly gen: Generation;
  /** Position after `frames`. */
  readonly s: number;
  readonly p: number;
  readonly bind: Uint8Array;
  /** The welcome, and the snapshot or what was missed. */
  readonly frames: readonly Uint8Array[];
  /** A question is open. */
  readonly asking: boolean;
}

/** What a connection that moved here gets: what it missed, or the present state in place of all that. */
export interface Filled {
  readonly ok: true;
  readonly type: 'filled';
  readonly missed: readonly MissedFrame[];
  readonly snapshot: SnapshotFrame | null;
  /** The player was removed meanwhile: close with this code. */
  readonly closeCode: number | null;
  /** A question is open. */
  readonly asking: boolean;
}

export interface SnapshotFrame {
  readonly s: number;
  readonly p: number;
  readonly bytes: Uint8Array;
}

export type SessionReply =
  | Reply
  | Welcome
  | Filled
  | { readonly ok: true; readonly type: 'resynced'; readonly snapshot: SnapshotFrame }
  | { readonly ok: true; readonly type: 'synced'; readonly t0: number; readonly t1: number }
  | { readonly ok: true; readonly type: 'view'; readonly value: unknown };
