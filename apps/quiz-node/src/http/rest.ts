/** The REST edge of a node, put together. Composition only. */
import type { Express } from 'express';
import { commandRoutes } from './commands.js';
import type { HostDesk } from './host-desk.js';
import { Idempotency } from './idempotency.js';
import { keySource, type KeySettings } from './key-source.js';
import { mount } from './mount.js';
import { playerRoutes } from './players.js';
import { probeRoutes, type Probes } from './probes.js';
import { QuizStore } from './quiz-store.js';
import { quizRoutes } from './quizzes.js';
import { reportRoutes } from './report.js';
import type { Route } from './route.js';
import { SessionAccess } from './session-access.js';
import { SessionIndex } from './session-index.js';
import { sessionRoutes } from './sessions.js';

export interface RestDeps extends HostDesk, KeySettings, Probes {
  readonly publicUrl: string | undefined;
  readonly isFull: () => boolean;
  /** Told of every request when it is answered. */
  readonly requested: (method: string, status: number, ms: number) => void;
  /** Something that operators want to read about. */
  readonly note: (event: string, about: Readonly<Record<string, unknown>>) => void;
  readonly requestsPerSecondMax?: number;
  readonly handlerMsMax?: number;
}

export interface Rest {
  readonly routes: readonly Route[];
}

export const bodyBytesMax = 1_048_576;
const requestsPerSecondDefault = 500;
const handlerMsDefault = 10_000;

/** @throws KeysError when nobody could use it */
export function mountRest(app: Express, deps: RestDeps): Rest {
  const { records, clock, random, timers, note } = deps;
  const quizzes = new QuizStore(records, clock, random);
  const index = new SessionIndex(records, clock);
  const access = new SessionAccess(deps, index, async () => undefined);
  const routes = [
    ...probeRoutes(deps),
    ...quizRoutes(quizzes),
    ...sessionRoutes({ node: deps, quizzes, index, access, isFull: deps.isFull, purge: async () => undefined }),
    ...commandRoutes(access, deps),
    ...playerRoutes(access),
    ...reportRoutes(access),
  ];
  mount(app, routes, {
    authority: { keys: keySource(deps, (message) => note('keys not read again', { message })), facts: (sessionId) => access.facts(sessionId) },
    idempotency: new Idempotency(records, clock, random),
    clock,
    timers,
    bodyBytesMax,
    requestsPerSecondMax: deps.requestsPerSecondMax ?? requestsPerSecondDefault,
    handlerMsMax: deps.handlerMsMax ?? handlerMsDefault,
    publicUrl: deps.publicUrl?.replace(/\/+$/, ''),
    broken: (error) => note('request broken', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    answered: ({ method }, status, ms) => deps.requested(method.toUpperCase(), status, ms),
  });
  return { routes };
}
