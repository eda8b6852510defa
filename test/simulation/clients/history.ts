/** What the clients of a run sent and heard: the evidence of those who matter. Written as it happens, never changed, read by the checker alone. */
import type { AnswerValue } from '../../../apps/quiz-node/src/quiz/definition.js';

export interface Frame {
  readonly t: string;
  readonly re?: number;
  readonly e?: string;
  readonly s?: number;
  readonly p?: number;
  readonly at?: number;
  // The checker reads fields of many messages; what is not there is undefined.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly d: any;
}

export interface Heard {
  /** World time. */
  readonly at: number;
  readonly text: string;
  readonly frame: Frame;
}

export interface Sent {
  readonly at: number;
  readonly id: number;
  readonly t: string;
  readonly d: Readonly<Record<string, unknown>>;
  /** World time at which the router's machine had it; null if the router never read it. */
  arrivedAt: number | null;
  readonly replies: Heard[];
}

/** One connection from its beginning to its end. */
export interface TabHistory {
  readonly person: string;
  readonly role: string;
  readonly router: string;
  readonly openedAt: number;
  readonly heard: Heard[];
  readonly sent: Sent[];
  closedAt: number | null;
  closeCode: number | null;
  /** The client's network went away, or it went in good order: what comes later is not heard. */
  left: boolean;
}

/** An answer that a player wants counted, over all its attempts. */
export interface AnswerHistory {
  readonly person: string;
  readonly qid: string;
  readonly answerId: string;
  readonly value: AnswerValue;
  readonly sends: Sent[];
  /** The first reply that settles it: its ok, or an error that no repeating changes. */
  outcome: Heard | null;
}

export interface PersonHistory {
  readonly name: string;
  readonly sessionId: string;
  readonly role: string;
  readonly tabs: TabHistory[];
  readonly answers: AnswerHistory[];
  /** It has the end of the session, by event or snapshot. */
  finished: Heard | null;
  /** It was told to stop, with this close code. */
  stopped: number | null;
  playerId: string | null;
}
