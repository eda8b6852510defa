/**
 * The catalogue of error codes. An entry says what happened, whether the same command may succeed later (`retry`), what the client should do, and what
 * becomes of the socket when a `hello` is refused with it.
 */
import { closeCodes, type CloseCodeName } from './close-codes.js';

/** After a refused hello: the close code's name, `stays` = may say hello again on this socket, `never` = a hello is not refused with this code. */
export type AfterHello = CloseCodeName | 'stays' | 'never';

export interface ErrorCodeEntry {
  readonly code: number;
  readonly name: string;
  /** The default of the reply's `retry`: the same command may succeed later. */
  readonly retry: boolean;
  /** The reply's `msg`: for developers, never shown to players as it is. */
  readonly msg: string;
  /** What the client should do. */
  readonly client: string;
  readonly afterHello: AfterHello;
}

const entry = <C extends number, N extends string>(code: C, name: N, retry: boolean, afterHello: AfterHello, msg: string, client: string) =>
  ({ code, name, retry, msg, client, afterHello }) as const;

const FIX = 'fix the client: the same frame fails again';
const WAIT = 'send the same command again after retryAfterMs, or after a back-off';

export const errorCodes = {
  BAD_FRAME: entry(100, 'BAD_FRAME', false, 'PROTOCOL_ERROR', 'frame is no JSON object with a string t and a uint32 id', FIX),
  UNKNOWN_TYPE: entry(101, 'UNKNOWN_TYPE', false, 'never', 'unknown t', FIX),
  INVALID_PAYLOAD: entry(102, 'INVALID_PAYLOAD', false, 'stays', 'd does not fit this t', FIX),
  HELLO_REQUIRED: entry(103, 'HELLO_REQUIRED', false, 'PROTOCOL_ERROR', 'the first frame must be hello', 'say hello first'),
  VERSION_UNSUPPORTED: entry(104, 'VERSION_UNSUPPORTED', false, 'VERSION', 'protocol version is not supported', 'update the client'),
  RATE_LIMITED: entry(110, 'RATE_LIMITED', true, 'never', 'too many frames', 'send fewer frames, then the same command again'),

  UNAUTHENTICATED: entry(200, 'UNAUTHENTICATED', false, 'UNAUTHENTICATED', 'token is missing or wrong', 'get a token for this role'),
  TOKEN_EXPIRED: entry(201, 'TOKEN_EXPIRED', false, 'RESUME_INVALID', 'token is unknown or has ended', 'drop the token and say hello as a new player'),
  FORBIDDEN: entry(202, 'FORBIDDEN', false, 'FORBIDDEN', 'not allowed to this role', 'do not offer this to this role'),
  SESSION_NOT_FOUND: entry(210, 'SESSION_NOT_FOUND', false, 'SESSION_NOT_FOUND', 'no such session', 'ask for the session id again'),
  SESSION_LOCKED: entry(211, 'SESSION_LOCKED', false, 'FORBIDDEN', 'session is locked', 'tell the person that the host has locked the session'),
  SESSION_FULL: entry(212, 'SESSION_FULL', false, 'SESSION_FULL', 'session is full', 'tell the person'),
  SESSION_ENDED: entry(213, 'SESSION_ENDED', false, 'SESSION_ENDED', 'session has ended', 'tell the person'),
  LATE_JOIN_CLOSED: entry(214, 'LATE_JOIN_CLOSED', false, 'FORBIDDEN', 'session has started and takes no new players', 'tell the person'),
  NICKNAME_TAKEN: entry(215, 'NICKNAME_TAKEN', false, 'stays', 'nickname is taken, or looks like one that is', 'ask for another nickname'),
  NICKNAME_INVALID: entry(216, 'NICKNAME_INVALID', false, 'stays', 'nickname is empty, too long or has characters that are not allowed', 'ask for another nickname'),
  NICKNAME_REJECTED: entry(217, 'NICKNAME_REJECTED', false, 'stays', 'nickname is not allowed here', 'ask for another nickname'),
  BANNED: entry(218, 'BANNED', false, 'BANNED', 'banned from this session', 'tell the person, and stop'),

  QUESTION_NOT_OPEN: entry(300, 'QUESTION_NOT_OPEN', false, 'never', 'question is not open yet', 'with retry: send the same answer again after retryAfterMs'),
  ANSWER_LATE: entry(301, 'ANSWER_LATE', false, 'never', 'answer came after the question was closed', 'show that it was too late'),
  ALREADY_ANSWERED: entry(302, 'ALREADY_ANSWERED', false, 'never', 'another answer to this question was accepted before', 'show the answer in `answered`'),
  ANSWER_INVALID: entry(303, 'ANSWER_INVALID', false, 'never', 'value does not fit the question', 'let the person answer again'),
  WRONG_QUESTION: entry(304, 'WRONG_QUESTION', false, 'never', 'not the current question', 'resync'),
  PAUSED: entry(305, 'PAUSED', true, 'never', 'session is paused', 'send the same answer again after session.resumed'),
  NOT_ELIGIBLE: entry(306, 'NOT_ELIGIBLE', false, 'never', 'joined after this question was opened', 'wait for the next question'),

  PRECONDITION_FAILED: entry(400, 'PRECONDITION_FAILED', false, 'never', 'ifSeq is not the session\'s s', 'look at the present state before the next order'),
  ILLEGAL_TRANSITION: entry(401, 'ILLEGAL_TRANSITION', false, 'never', 'not possible in this phase', 'look at the present phase'),
  PLAYER_NOT_FOUND: entry(402, 'PLAYER_NOT_FOUND', false, 'never', 'no such player', 'look at the present list of players'),
  QUIZ_INVALID: entry(403, 'QUIZ_INVALID', false, 'never', 'quiz does not fit these settings', 'change the quiz or the settings'),

  INTERNAL: entry(500, 'INTERNAL', true, 'INTERNAL', 'internal error', WAIT),
  UNAVAILABLE: entry(501, 'UNAVAILABLE', true, 'INTERNAL', 'not available now', WAIT),
  JOURNAL_UNAVAILABLE: entry(502, 'JOURNAL_UNAVAILABLE', true, 'INTERNAL', 'journal is not available, nothing was written', WAIT),
  MOVED: entry(503, 'MOVED', true, 'INTERNAL', 'session is moving', WAIT),
} as const satisfies Readonly<Record<string, ErrorCodeEntry>>;

export type ErrorName = keyof typeof errorCodes;
export type ErrorCode = (typeof errorCodes)[ErrorName]['code'];

const byCode: ReadonlyMap<number, ErrorCodeEntry> = new Map(Object.values(errorCodes).map((e) => [e.code, e]));

/** The catalogue's entry. Throws RangeError for a number that is not in the catalogue: only our own code calls it. */
export function errorEntry(code: number): ErrorCodeEntry {
  const found = byCode.get(code);
  if (found === undefined) throw new RangeError(`error code ${code} is not in the catalogue`);
  return found;
}

/** The close code that follows a hello refused with `code`, or null where the socket stays and may say hello again. */
export function closeAfterRefusedHello(code: number): number | null {
  const { afterHello } = errorEntry(code);
  if (afterHello === 'stays') return null;
  return afterHello === 'never' ? closeCodes.INTERNAL.code : closeCodes[afterHello].code;
}
