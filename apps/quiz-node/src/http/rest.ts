/** The REST edge of a node, put together. Composition only. */
import type { Express } from 'express';
import type { Limits } from '@ringmaster/protocol';
import { adminRoutes, type AdminDeps } from './admin.js';
import { ArchiveStore } from './archive/archive-store.js';
import { ArchiveWriter } from './archive/archive-writer.js';
import { Archivist } from './archive/archivist.js';
import { Histories } from './archive/histories.js';
import { Kept } from './archive/kept.js';
import { Unarchived } from './archive/unarchived.js';
import { Upkeep } from './archive/upkeep.js';
import { commandRoutes } from './commands.js';
import type { HostDesk } from './host-desk.js';
import { Idempotency } from './idempotency.js';
import { journalRoutes } from './journal.js';
import { keySource, type KeySettings } from './key-source.js';
import { mount } from './mount.js';
import { pageRoutes } from './pages/page-routes.js';
import { playerRoutes } from './players.js';
import { probeRoutes, type Probes } from './probes.js';
import { QuizStore } from './quiz-store.js';
import { quizRoutes } from './quizzes.js';
import { reportRoutes } from './report.js';
import type { Route } from './route.js';
import { SessionAccess } from './session-access.js';
import { SessionIndex } from './session-index.js';
import { sessionRoutes } from './sessions.js';

export interface RestDeps extends HostDesk, KeySettings, Probes, Pick<AdminDeps, 'nodeName' | 'connections' | 'cluster' | 'drain'> {
  readonly limits: Limits;
  readonly publicUrl: string | undefined;
  /** How long archives are kept, and the sessions that they are of. */
  readonly retentionDays: number;
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
  /** S5: whether the log of `shard` below `below` may be forgotten. */
  readonly mayTrim: (shard: number, below: number) => Promise<boolean>;
  /** Resolves when the archives of all sessions that have ended here are written. */
  readonly archived: () => Promise<void>;
  /** Looks after archives and retention now, and not at the next beat. */
  readonly look: () => Promise<void>;
  /** No further archives or looks are begun. */
  readonly stop: () => void;
}

export const bodyBytesMax = 1_048_576;
const requestsPerSecondDefault = 500;
const handlerMsDefault = 10_000;

/** @throws KeysError when nobody could use it */
export function mountRest(app: Express, deps: RestDeps): Rest {
  const { records, clock, random, timers, note } = deps;
  const quizzes = new QuizStore(records, clock, random);
  const index = new SessionIndex(records, clock);
  const store = new ArchiveStore(records);
  const unarchived = new Unarchived(records);
  const kept = new Kept(records);
  const writer = new ArchiveWriter({ node: deps, index, store, unarchived, kept, retentionDays: deps.retentionDays });
  const archivist = new Archivist({ desk: deps.desk, timers, index, writer, note });
  const histories = new Histories(deps, index, store, (sessionId) => archivist.done(sessionId));
  const access = new SessionAccess(deps, index, (sessionId) => histories.archivedState(sessionId));
  const upkeep = new Upkeep({ node: deps, index, store, unarchived, kept, archivist, forgotten: (sessionId) => access.forget(sessionId), note });
  const routes: Route[] = [
    ...quizRoutes(quizzes),
    ...sessionRoutes({ books: { node: deps, index, unarchived }, quizzes, access, isFull: deps.isFull, purge: (sessionId) => upkeep.purge(sessionId) }),
    ...commandRoutes({ access, random, beforeCorrection: (sessionId) => writer.expectCorrection(sessionId) }),
    ...playerRoutes(access),
    ...reportRoutes(access),
    ...journalRoutes(histories),
    ...adminRoutes({ node: deps, nodeName: deps.nodeName, connections: deps.connections, cluster: deps.cluster, drain: deps.drain }),
    ...probeRoutes(deps),
    ...pageRoutes(() => routes, deps.limits),
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
  const stops = [archivist.listen(), upkeep.start()];
  return {
    routes,
    mayTrim: (shard, below) => unarchived.mayTrim(shard, below),
    archived: () => archivist.settled(),
    look: () => upkeep.look(),
    stop: () => stops.forEach((stop) => stop()),
  };
}
