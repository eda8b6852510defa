/** A server with its players, ready to be answered. Both sides are measured through this one door. */
import type { Crowd } from '../wire/crowd.js';

export interface Acknowledged {
  readonly playerId: string;
  readonly question: number;
  readonly value: string;
  /** The reply as it came. */
  readonly reply: Buffer;
}

export interface AnswerSite {
  readonly crowd: Crowd;
  /** Of all processes whose CPU time counts. */
  readonly pids: readonly number[];
  /** Resolves when everybody can answer question `question`, from 0 on. */
  open(question: number): Promise<void>;
  /** As it goes onto the socket. */
  frame(index: number, question: number, value: string): Buffer;
  isAcknowledgement(payload: Buffer): boolean;
  close(question: number): Promise<void>;
  /** @throws when an acknowledged answer is not stored as it was given. @returns what was looked at. */
  verify(acknowledged: readonly Acknowledged[]): Promise<string>;
  stop(): Promise<void>;
}

export const answerId = (index: number, question: number): string => `answer-${String(question).padStart(3, '0')}-${String(index).padStart(6, '0')}`;
export const VALUES = ['a', 'b', 'c', 'd'] as const;
