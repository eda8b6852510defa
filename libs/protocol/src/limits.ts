/**
 * Every limit of the player protocol, of the socket edge and of the link, with its default. All can be configured; names end in their unit.
 */
interface Limit {
  readonly initial: number;
  readonly about: string;
}

const limit = (initial: number, about: string): Limit => ({ initial, about });

const KIB = 1024;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export const limitCatalogue = {
  // Frames of a player's socket.
  frameBytesMax: limit(4 * KIB, 'an inbound frame, UTF-8; longer closes with 1009'),
  fragmentsMax: limit(2, 'WebSocket fragments of one frame'),
  bufferedChunksMax: limit(64, 'chunks that the WebSocket parser holds back'),
  helloWithinMs: limit(3 * SECOND, 'first frame after the upgrade, else 4501'),
  helloAgainWithinMs: limit(60 * SECOND, 'another hello after a refused one that keeps the socket'),
  refusedFramesMax: limit(20, 'refusals 100, 101, 102, 202 within refusedFramesWindowMs; this one closes with 4500'),
  refusedFramesWindowMs: limit(60 * SECOND, 'window of refusedFramesMax'),
  playerPerSecond: limit(5, 'frames of a player, sustained'),
  playerBurstFrames: limit(10, 'frames of a player at once'),
  hostPerSecond: limit(20, 'frames of a host, sustained'),
  hostBurstFrames: limit(40, 'frames of a host at once'),
  overRateFramesMax: limit(20, 'frames answered 110 within overRateWindowMs; more close with 4005'),
  overRateWindowMs: limit(5 * SECOND, 'window of overRateFramesMax'),
  pingEveryMs: limit(15 * SECOND, 'WebSocket ping, after those at 0, 1 and 2 s; the same for routers, who send it, and nodes, who tell it'),
  pingJitterPercent: limit(20, 'spread of pingEveryMs, either way'),
  deadMs: limit(35 * SECOND, 'no sign of life for so long closes with 4003; the same for routers and nodes'),
  reconnectMinMs: limit(500, 'shortest back-off of a client, full jitter'),
  reconnectMaxMs: limit(15 * SECOND, 'longest back-off of a client'),
  slowHintBytes: limit(64 * KIB, 'unsent bytes of a socket from which hints are dropped and only the latest is kept'),
  slowCloseBytes: limit(256 * KIB, 'unsent bytes of a socket that close it with 4002'),
  slowCloseMs: limit(10 * SECOND, 'unsent bytes for so long close with 4002'),

  // What is in the frames.
  idCharsMax: limit(64, 'answerId, joinId, cmdId, qid, playerId, e'),
  answerTextCharsMax: limit(500, 'an answer to a text question'),
  nicknameGraphemesMax: limit(20, 'grapheme clusters of a nickname, at least 1'),
  nicknameBytesMax: limit(64, 'UTF-8 bytes of a nickname'),
  extendMsMax: limit(240 * SECOND, 'one host.cmd extend, at least 1 ms'),
  lobbyNamesMax: limit(20, 'names in one lobby.updated'),
  topItemsMax: limit(10, 'items of leaderboard.top'),
  podiumItemsMax: limit(100, 'items of session.finished.podium'),

  // Times and counts of a session.
  playersMax: limit(10_000, 'players of one session'),
  leadMs: limit(400, 'opensAt is so long after question.opened'),
  graceMs: limit(500, 'answers are accepted so long after closesAt'),
  startMs: limit(3 * SECOND, 'phase starting'),
  readMsMin: limit(2 * SECOND, 'reading time by length of the text, at least'),
  readMsMax: limit(10 * SECOND, 'reading time by length of the text, at most'),
  goneMs: limit(10 * SECOND, 'a player gone for so long does not hold up an early close'),
  resendMs: limit(5 * SECOND, 'a client sends an answer again after so long without a reply'),
  deltaSharedMax: limit(64, 'missed shared messages that a resume may replay; more: snapshot'),
  historyBytesMax: limit(16 * KIB * KIB, 'messages kept for resumes of one session in memory; the oldest fall out, and a resume that needs them gets a snapshot'),
  cmdIdsMax: limit(256, 'accepted host commands that are remembered'),
  lobbyEveryMs: limit(250, 'lobby.updated, at most one in so long'),
  progressHostEveryMs: limit(250, 'question.progress to host and presenter'),
  progressPlayersEveryMs: limit(SECOND, 'question.progress to players of a session of up to progressLargePlayers'),
  progressLargePlayers: limit(1000, 'players from which question.progress comes only every progressLargeEveryMs'),
  progressLargeEveryMs: limit(5 * SECOND, 'question.progress to players of a larger session'),
  liveBoardEveryMs: limit(250, 'leaderboard as a hint with liveScores immediate'),
  afterFinishMs: limit(10 * MINUTE, 'sockets stay open so long after session.finished'),
  lobbyMsMax: limit(24 * HOUR, 'a session in lobby for so long is cancelled'),
  unattendedMsMax: limit(2 * HOUR, 'a running session without any host or player for so long is cancelled'),
  podiumMsMax: limit(2 * HOUR, 'podium without a host ends after so long'),

  // The socket edge.
  headersTimeoutMs: limit(10 * SECOND, 'HTTP request headers'),
  headerBytesMax: limit(8 * KIB, 'HTTP request headers'),
  requestTimeoutMs: limit(MINUTE, 'a whole HTTP request, with its body'),
  unauthenticatedSocketsMax: limit(2000, 'sockets before welcome, per process'),
  upgradesPerSecond: limit(500, 'WebSocket upgrades per process; more: 503 with Retry-After'),
  ipBurstUpgrades: limit(300, 'upgrades of one address at once; loopback is exempt'),
  ipUpgradesPerSecond: limit(100, 'refill of ipBurstUpgrades'),
  ipSocketsMax: limit(2000, 'sockets of one address at a time'),

  // The link.
  keptFramesMax: limit(16, 'frames of a connection that the router keeps until done; more: 4005'),
  keptBytesMax: limit(64 * KIB, 'bytes of the kept frames of a connection'),
  hopsMax: limit(3, 'nodes that a connection is sent on to before the client backs off'),
  clockEveryMs: limit(100, 'the router tells its clock on each link'),
  closeWaitMs: limit(2 * SECOND, 'the owner waits so long for the clocks of all routers before it closes a question'),
  linkFrameBytesMax: limit(16 * KIB * KIB, 'one frame between router and node'),
} as const satisfies Readonly<Record<string, Limit>>;

export type LimitName = keyof typeof limitCatalogue;
export type Limits = Readonly<Record<LimitName, number>>;

/** Every limit's default by name. */
export const defaultLimits: Limits = Object.freeze(
  Object.fromEntries(Object.entries(limitCatalogue).map(([name, { initial }]) => [name, initial])) as Record<LimitName, number>,
);

/** Which of these cannot be together, each in a line for who configured them; none where all is well. `nameOf` gives a limit the name that it was set by. */
export function limitConflicts({ pingEveryMs, pingJitterPercent, deadMs }: Limits, nameOf: (limit: LimitName) => string): string[] {
  const pingMsMax = Math.ceil((pingEveryMs * (100 + pingJitterPercent)) / 100);
  if (deadMs > pingMsMax) return [];
  const longest = `${nameOf('pingEveryMs')} (${pingEveryMs}) and ${nameOf('pingJitterPercent')} (${pingJitterPercent})`;
  return [`${nameOf('deadMs')} is ${deadMs}: it takes more than ${pingMsMax}, the longest time between two pings by ${longest}; set them alike for routers and nodes`];
}

/** When the first WebSocket pings go out, ms after `welcome`: three quick ones, so that an answer's credit is known early (scoring). */
export const firstPingsAtMs: readonly number[] = Object.freeze([0, 1000, 2000]);
