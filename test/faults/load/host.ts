/**
 * A quiz host who uses REST alone: looks at the session and orders what comes next, with the position that he looked at, so that nothing is skipped twice.
 * Owns the pauses that he makes.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from '../chance.js';
import type { Rest } from './rest.js';

interface Seen {
  readonly phase: string;
  readonly paused: boolean;
  readonly position: { readonly s: number };
  readonly question?: { readonly qid: string };
}

const LOOK_EVERY_MS = 600;
const COMMAND_MS_MAX = 15_000;
const PAUSE_ODDS = 0.1;

export class Host {
  readonly #pausedAt = new Set<string>();
  #ended = false;

  constructor(
    private readonly rest: Rest,
    private readonly sid: string,
    /** Whether the quiz waits for him after each question. */
    private readonly leads: boolean,
    private readonly chance: Chance,
  ) {}

  begin(): void {
    void this.#lead();
  }

  end(): void {
    this.#ended = true;
  }

  async #lead(): Promise<void> {
    while (!this.#ended) {
      const seen = await this.rest.once<Seen>('GET', `/v1/sessions/${this.sid}`);
      const cmd = seen?.status === 200 && !this.#ended ? this.#next(seen.body) : undefined;
      if (cmd === 'resume' || cmd === 'pause') await wait(this.chance.between(200, 1_500));
      if (seen !== undefined && cmd !== undefined) await this.rest.command(this.sid, cmd, COMMAND_MS_MAX, cmd === 'pause' ? undefined : seen.body.position.s);
      await wait(LOOK_EVERY_MS);
    }
  }

  #next({ phase, paused, question }: Seen): string | undefined {
    if (paused) return 'resume';
    if (phase === 'lobby') return 'start';
    if (phase === 'open' && question !== undefined && !this.#pausedAt.has(question.qid)) {
      this.#pausedAt.add(question.qid);
      return this.chance.odds(PAUSE_ODDS) ? 'pause' : undefined;
    }
    if (!this.leads) return undefined;
    if (phase === 'revealed' || phase === 'leaderboard') return 'next';
    return phase === 'podium' ? 'end' : undefined;
  }
}
