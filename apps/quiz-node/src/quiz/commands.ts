/** Orders to a session. `recvAt` is the session time (ms) at which the router received the frame; REST stamps it on arrival at the node. */
import type { AnswerValue, Deck, KeyValue, SessionSettings } from './definition.js';

export type HostOrder =
  | 'start' | 'next' | 'close' | 'reveal' | 'leaderboard' | 'pause' | 'resume' | 'extend' | 'skip' | 'void'
  | 'lock' | 'unlock' | 'kick' | 'ban' | 'end';

export interface HostArgs {
  readonly ms?: number;
  readonly qid?: string;
  readonly playerId?: string;
  readonly reason?: string;
}

export type Command =
  | {
      readonly type: 'create';
      readonly deck: Deck;
      readonly settings: SessionSettings;
      /** Random id of this history, the `e` of every position. */
      readonly e: string;
      /** Hex, 32 bytes; keys the resume tokens. */
      readonly sessionSecret: string;
      readonly hostTokenSha256: string;
      readonly presenterTokenSha256: string;
      /** Hex, 32 bytes each, one per question: the HMAC keys of the commitments. */
      readonly salts: readonly string[];
      /** Seeds option order and generated nicknames. */
      readonly seed: number;
      /** Id of the API key's owner. */
      readonly owner: string;
      readonly quizId?: string;
      readonly recvAt: number;
    }
  | {
      readonly type: 'join';
      /** Fresh id, used if this join makes a new player. */
      readonly playerId: string;
      readonly joinId: string;
      readonly nickname: string | undefined;
      readonly recvAt: number;
    }
  | { readonly type: 'answer'; readonly playerId: string; readonly answerId: string; readonly qid: string; readonly value: AnswerValue; readonly recvAt: number; readonly creditMs: number }
  | { readonly type: 'setNickname'; readonly playerId: string; readonly nickname: string; readonly recvAt: number }
  | { readonly type: 'leave'; readonly playerId: string; readonly recvAt: number }
  | { readonly type: 'host'; readonly cmdId: string; readonly order: HostOrder; readonly ifSeq?: number; readonly args: HostArgs; readonly recvAt: number }
  | { readonly type: 'correctKey'; readonly qid: string; readonly key: KeyValue; readonly reason: string; readonly cmdId?: string; readonly recvAt: number }
  | { readonly type: 'unban'; readonly playerId: string; readonly cmdId?: string; readonly recvAt: number }
  | { readonly type: 'cancel'; readonly reason: string; readonly recvAt: number }
  /** An ended session is to be forgotten: nothing of it is kept but what the log still holds. */
  | { readonly type: 'purge' }
  /** A deadline of the state is due. `present`: a host or player is connected now; `hostPresent`: a host is. */
  | { readonly type: 'deadline'; readonly present: boolean; readonly hostPresent: boolean }
  /** Closes early if every eligible player has answered or is in `gone` (absent for more than 10 s) and somebody is present. */
  | { readonly type: 'closeIfAll'; readonly gone: ReadonlySet<string>; readonly present: boolean }
  /** The session could not be reached from `from` to `to` (T2). */
  | { readonly type: 'outage'; readonly from: number; readonly to: number };
