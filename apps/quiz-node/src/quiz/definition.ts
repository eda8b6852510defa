/** What a quiz is, once it is normalised: an immutable deck. Question and key are separate types, so that a key cannot be sent by mistake. */

export type QuestionType = 'single' | 'multiple' | 'trueFalse' | 'text' | 'numeric' | 'ordering' | 'poll';
export type PartialCredit = 'allOrNothing' | 'hamming' | 'inPlace';

export interface QuestionOption {
  readonly id: string;
  readonly text: string;
}

/** What players may know. */
export interface PublicQuestion {
  readonly qid: string;
  readonly type: QuestionType;
  readonly text: string;
  readonly media?: string;
  /** Present for single, multiple, ordering and poll. */
  readonly options?: readonly QuestionOption[];
  readonly points: number;
  readonly limitMs: number;
  /** Reading time asked for by the question, ms; absent: by length of the text. */
  readonly readMs?: number;
  readonly partial: PartialCredit;
}

export interface TextKey {
  readonly accept: readonly string[];
  readonly editDistance: 0 | 1;
  readonly accents: boolean;
}

export interface NumericKey {
  readonly value: number;
  readonly tolerance: number;
}

/** single: option id; multiple, ordering: option ids; trueFalse: boolean; text, numeric: as named; poll: null. */
export type KeyValue = string | readonly string[] | boolean | TextKey | NumericKey | null;

/** What nobody but the host may know before the reveal. */
export interface AnswerKey {
  readonly qid: string;
  readonly key: KeyValue;
  readonly explanation?: string;
}

export type AnswerValue = string | readonly string[] | boolean | number;

/** Frozen and shared by all sessions that play it. */
export interface Deck {
  /** Hex SHA-256 of the canonical JSON of title, questions and keys. */
  readonly sha256: string;
  readonly title: string;
  readonly questions: readonly PublicQuestion[];
  /** Same order as `questions`. */
  readonly keys: readonly AnswerKey[];
}

export type ScoringPolicy = 'halfDecay@1' | 'fullDecay@1' | 'flat@1' | 'accuracyFirst@1';

/** Complete, with defaults filled in; journaled in `session.created`. Times in ms. */
export interface SessionSettings {
  readonly scoring: ScoringPolicy;
  readonly streak: boolean;
  readonly graceMs: number;
  readonly leadMs: number;
  readonly liveScores: 'reveal' | 'immediate';
  readonly reveal: 'auto' | 'host';
  readonly timing: { readonly startMs: number; readonly readMs?: number };
  readonly autoAdvance?: { readonly revealMs: number; readonly boardMs: number; readonly podiumMs: number };
  readonly lateJoin: boolean;
  readonly locked: boolean;
  readonly maxPlayers: number;
  readonly nicknames: 'free' | 'generated';
  readonly shuffleOptions: boolean;
}
