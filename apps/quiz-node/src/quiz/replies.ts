/** What the sender of a command is told, once its turn is a fact. */
import type { AnswerValue } from './definition.js';

export type Phase = 'lobby' | 'starting' | 'preview' | 'open' | 'closed' | 'revealed' | 'leaderboard' | 'podium' | 'finished' | 'cancelled';

/** Place of an answer in the journal. */
export interface Receipt {
  readonly shard: number;
  readonly epoch: number;
  readonly n: number;
}

/** Numbers are those of the catalogue of error codes. `extra` goes into the error's `d`. */
export interface Rejection {
  readonly ok: false;
  readonly code: number;
  readonly extra?: {
    readonly retryAfterMs?: number;
    readonly retry?: boolean;
    readonly answered?: { readonly qid: string; readonly answerId: string; readonly value: AnswerValue; readonly receivedAt: number };
    readonly detail?: string;
  };
}

export type Reply =
  | Rejection
  | { readonly ok: true; readonly type: 'created' }
  | { readonly ok: true; readonly type: 'joined'; readonly playerId: string; readonly nickname: string; readonly fresh: boolean }
  | { readonly ok: true; readonly type: 'answered'; readonly answerId: string; readonly receivedAt: number; readonly receipt: Receipt; readonly value?: AnswerValue; readonly dup?: true }
  | { readonly ok: true; readonly type: 'nickname'; readonly nickname: string }
  | { readonly ok: true; readonly type: 'left' }
  /** `phase` is "paused" over any phase while the session is paused. */
  | { readonly ok: true; readonly type: 'host'; readonly phase: Phase | 'paused'; readonly e: string; readonly s: number; readonly dup?: true }
  | { readonly ok: true; readonly type: 'revised'; readonly revision: number; readonly dup?: true }
  | { readonly ok: true; readonly type: 'done' };
