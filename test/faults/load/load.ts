/** Several sessions at once for as long as it lasts: when one is over another begins. Owns nothing but their number. */
import { setTimeout as wait } from 'node:timers/promises';
import { Chance } from '../chance.js';
import type { History } from '../history.js';
import type { Stage } from '../stage.js';
import { play } from './play.js';
import { Rest } from './rest.js';

export interface LoadOptions {
  readonly seed: number;
  readonly sessions: number;
  readonly players: number;
  /** Of a session, at most. */
  readonly questions: number;
  readonly history: History;
  readonly stage: Stage;
}

export interface Played {
  readonly sessions: number;
  readonly finished: number;
  readonly acknowledged: number;
  /** Why sessions were not made, or not played. */
  readonly failed: readonly string[];
}

export interface Load {
  /** Begins no more sessions and waits for those that are played, at most until `deadline` on the monotonic clock, ms. */
  finish(deadline: number): Promise<Played>;
}

const APART_MS = 700;

export function keepPlaying({ seed, sessions, players, questions, history, stage }: LoadOptions): Load {
  const counted = { acknowledged: 0, sessions: 0, finished: 0 };
  const failed: string[] = [];
  let isEnding = false;
  let deadline = Number.POSITIVE_INFINITY;

  async function lane(which: number): Promise<void> {
    await wait(which * APART_MS);
    for (let round = 0; !isEnding; round++) {
      const chance = Chance.of(seed, `session ${which} ${round}`);
      const rest = new Rest({ key: stage.cluster.hostApiKey, router: () => chance.one(stage.routers) });
      await play({ history, chance, rest, counted, routers: () => stage.routers, players: chance.whole(Math.ceil(players / 2), players), questions: chance.whole(2, questions), until: () => deadline })
        .catch((error: unknown) => void failed.push(error instanceof Error ? error.message : String(error)));
    }
  }

  const lanes = Array.from({ length: sessions }, (_, index) => lane(index));
  return {
    finish: async (until) => {
      isEnding = true;
      deadline = until;
      await Promise.all(lanes);
      return { ...counted, failed };
    },
  };
}
