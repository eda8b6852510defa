/**
 * Owns the hints of one session that only the latest value of matters for: who is in the lobby, how many have answered, and the live standings. They have no
 * number, promise nothing, and are given up when the session has nobody left on this node.
 */
import type { Timers } from '@ringmaster/actors';
import { audienceBit, encodeHint, type Limits, type ServerPayload } from '@ringmaster/protocol';
import { Pace } from './pace.js';
import type { SessionOutput } from './session-output.js';

export interface HintDeps {
  readonly timers: Timers;
  readonly limits: Limits;
  /** Session time now, ms. */
  readonly now: () => number;
  readonly send: (audience: number, bytes: Uint8Array) => void;
  /** Asks for the present standings; `send` follows by `board`. */
  readonly askBoard: () => void;
}

const STAFF = audienceBit.host | audienceBit.presenter;
const PLAYERS = audienceBit.player | audienceBit.spectator;
const EVERYBODY = STAFF | PLAYERS;

type Progress = ServerPayload<'question.progress'>;

export class Hints {
  #joined: string[] = [];
  #lobby: Omit<ServerPayload<'lobby.updated'>, 'joined'> = { count: 0, locked: false };
  #progress: Progress | null = null;
  readonly #lobbyPace: Pace;
  readonly #staffPace: Pace;
  readonly #playerPace: Pace;
  readonly #boardPace: Pace;

  constructor(private readonly deps: HintDeps) {
    const { timers } = deps;
    this.#lobbyPace = new Pace(timers, () => this.#tellLobby());
    this.#staffPace = new Pace(timers, () => this.#tellProgress(STAFF));
    this.#playerPace = new Pace(timers, () => this.#tellProgress(PLAYERS));
    this.#boardPace = new Pace(timers, () => deps.askBoard());
  }

  lobbyChanged({ joined, count, locked }: Extract<SessionOutput, { kind: 'lobbyChanged' }>): void {
    const { limits } = this.deps;
    if (joined !== undefined && this.#joined.length < limits.lobbyNamesMax) this.#joined.push(joined);
    this.#lobby = { count, locked };
    this.#lobbyPace.ask(limits.lobbyEveryMs);
  }

  progress({ qid, answered, eligible }: Progress): void {
    const { progressHostEveryMs, progressPlayersEveryMs, progressLargePlayers, progressLargeEveryMs } = this.deps.limits;
    this.#progress = { qid, answered, eligible };
    this.#staffPace.ask(progressHostEveryMs);
    this.#playerPace.ask(eligible > progressLargePlayers ? progressLargeEveryMs : progressPlayersEveryMs);
  }

  /** The question was closed: how many have answered is in `question.closed`. */
  progressEnded(): void {
    this.#progress = null;
    this.#staffPace.cancel();
    this.#playerPace.cancel();
    this.#boardPace.cancel();
  }

  standingsChanged(): void {
    this.#boardPace.ask(this.deps.limits.liveBoardEveryMs);
  }

  board(d: ServerPayload<'leaderboard'>): void {
    this.deps.send(EVERYBODY, encodeHint('leaderboard', this.deps.now(), d));
  }

  stop(): void {
    this.#lobbyPace.cancel();
    this.progressEnded();
  }

  #tellLobby(): void {
    this.deps.send(EVERYBODY, encodeHint('lobby.updated', this.deps.now(), { ...this.#lobby, joined: this.#joined }));
    this.#joined = [];
  }

  #tellProgress(audience: number): void {
    if (this.#progress !== null) this.deps.send(audience, encodeHint('question.progress', this.deps.now(), this.#progress));
  }
}
