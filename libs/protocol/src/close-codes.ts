/**
 * The catalogue of WebSocket close codes. The number says what the client does: 4000–4499 connect again, 4500–4999 stop. Standard codes keep their meaning.
 */
export interface CloseCodeEntry {
  readonly code: number;
  readonly name: string;
  /** Whether the client connects again by itself, with full jitter. */
  readonly reconnect: boolean;
  /** The reason text of the close frame, ≤ 123 bytes (RFC 6455, section 5.5). */
  readonly reason: string;
  /** What the client should do. */
  readonly client: string;
}

const again = (code: number, name: string, reason: string, client: string): CloseCodeEntry => ({ code, name, reconnect: true, reason, client });
const stop = (code: number, name: string, reason: string, client: string): CloseCodeEntry => ({ code, name, reconnect: false, reason, client });

const BACK_OFF = 'connect again after the back-off and resume';

/** By name. */
export const closeCodes = {
  NORMAL: stop(1000, 'NORMAL', 'left', 'nothing: the leave was confirmed'),
  GOING_AWAY: again(1001, 'GOING_AWAY', 'server is going away', BACK_OFF),
  TOO_BIG: stop(1009, 'TOO_BIG', 'frame is too big', 'send smaller frames: see limits.frameBytes in welcome'),
  SERVICE_RESTART: again(1012, 'SERVICE_RESTART', 'server restarts', BACK_OFF),
  TRY_AGAIN_LATER: again(1013, 'TRY_AGAIN_LATER', 'server is overloaded', BACK_OFF),
  INTERNAL: again(4000, 'INTERNAL', 'internal error', BACK_OFF),
  DRAIN: again(4001, 'DRAIN', 'server is being drained', 'connect again within the window that `reconnect` gave, and resume'),
  SLOW_CONSUMER: again(4002, 'SLOW_CONSUMER', 'client reads too slowly', 'connect again and resume: a snapshot brings it up to date'),
  HEARTBEAT_LOST: again(4003, 'HEARTBEAT_LOST', 'no sign of life', BACK_OFF),
  MOVED: again(4004, 'MOVED', 'session moved', BACK_OFF),
  RATE_LIMITED: again(4005, 'RATE_LIMITED', 'too many frames', 'send fewer frames, connect again after the back-off'),
  RESUME_INVALID: again(4006, 'RESUME_INVALID', 'resume token is not valid', 'drop the resume token, connect again and say hello as a new player'),
  PROTOCOL_ERROR: stop(4500, 'PROTOCOL_ERROR', 'protocol error', 'stop: the client has a bug'),
  HELLO_TIMEOUT: stop(4501, 'HELLO_TIMEOUT', 'no hello in time', 'stop: say hello at once after the socket opens'),
  UNAUTHENTICATED: stop(4502, 'UNAUTHENTICATED', 'token is missing or wrong', 'stop: get a token'),
  FORBIDDEN: stop(4503, 'FORBIDDEN', 'not allowed', 'stop: tell the person why'),
  VERSION: stop(4504, 'VERSION', 'protocol version is not supported', 'stop: the client is too old or too new'),
  KICKED: stop(4505, 'KICKED', 'kicked by the host', 'stop: the person may join anew'),
  BANNED: stop(4506, 'BANNED', 'banned by the host', 'stop'),
  SESSION_ENDED: stop(4507, 'SESSION_ENDED', 'session has ended', 'stop: show the final result'),
  SESSION_NOT_FOUND: stop(4508, 'SESSION_NOT_FOUND', 'no such session', 'stop: ask for the id again'),
  SESSION_FULL: stop(4509, 'SESSION_FULL', 'session is full', 'stop'),
  SUPERSEDED: stop(4510, 'SUPERSEDED', 'a newer connection of this player took over', 'stop: another window or device plays'),
  TOO_MANY_CONNECTIONS: stop(4511, 'TOO_MANY_CONNECTIONS', 'too many connections', 'stop: close others first'),
} as const satisfies Readonly<Record<string, CloseCodeEntry>>;

export type CloseCodeName = keyof typeof closeCodes;

const byCode: ReadonlyMap<number, CloseCodeEntry> = new Map(Object.values(closeCodes).map((entry) => [entry.code, entry]));

/** The catalogue's entry for a close code, or undefined for a code that this protocol does not use. */
export function closeCodeEntry(code: number): CloseCodeEntry | undefined {
  return byCode.get(code);
}

/**
 * Whether a client connects again after this code, known or not: the ranges decide for codes that a later release adds. A network failure is seen as 1005 or
 * 1006, which no server sends, and means: connect again.
 */
export function shouldReconnect(code: number): boolean {
  const entry = byCode.get(code);
  if (entry !== undefined) return entry.reconnect;
  if (code >= 4000) return code < 4500;
  return code === 1005 || code === 1006 || code === 1011;
}
