/**
 * What is known of sessions outside of them, in Records: where each began in its shard's log and whose it is (never changes), and a line of its owner's list
 * (written at create, start and end). Owns those rows; what a session is now is known to its actor alone.
 */
import type { Clock, Records } from '@ringmaster/actors';
import { decodeCursor, encodeCursor } from './cursor.js';
import { readRow, rowBytes } from './rows.js';
import type { SessionFacts } from './authenticate.js';

/** Nothing of a session lies before this place in its shard's log. */
export interface LogStart {
  readonly shard: number;
  readonly offset: number;
}

export interface SessionOrigin extends SessionFacts {
  readonly sessionId: string;
  /** Wall clock, ms. */
  readonly createdAt: number;
  readonly log: LogStart;
}

export type ListedPhase = 'lobby' | 'running' | 'finished' | 'cancelled';

export interface ListedSession {
  readonly sessionId: string;
  readonly quizId?: string;
  readonly title: string;
  readonly phase: ListedPhase;
  /** Wall clock, ms. */
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
}

export interface ListFilter {
  readonly phase?: ListedPhase | undefined;
  readonly quizId?: string | undefined;
}

const originKey = (sessionId: string): string => `session/${sessionId}`;
const listPrefix = (owner: string): string => `sessions/${encodeURIComponent(owner)}/`;
const clockDigits = 14;
const placePattern = /^\d{14}-[0-9A-Z]{8}$/;
/** The newest first. */
const listKey = ({ owner, createdAt, sessionId }: Pick<SessionOrigin, 'owner' | 'createdAt' | 'sessionId'>): string =>
  `${listPrefix(owner)}${String(10 ** clockDigits - 1 - createdAt).padStart(clockDigits, '0')}-${sessionId}`;
const pageRows = 100;
const triesMax = 10;

export class SessionIndex {
  constructor(
    private readonly records: Records,
    private readonly clock: Clock,
  ) {}

  async created(origin: SessionOrigin, about: Pick<ListedSession, 'title' | 'quizId'>): Promise<void> {
    const { sessionId, createdAt } = origin;
    const listed: ListedSession = { sessionId, ...about, phase: 'lobby', createdAt };
    await Promise.all([this.records.put(originKey(sessionId), rowBytes(origin)), this.records.put(listKey(origin), rowBytes(listed))]);
  }

  async origin(sessionId: string): Promise<SessionOrigin | undefined> {
    const stored = await this.records.get(originKey(sessionId));
    return stored && readRow<SessionOrigin>(stored.value);
  }

  started(sessionId: string): Promise<void> {
    return this.change(sessionId, (listed) => (listed.phase === 'lobby' ? { ...listed, phase: 'running', startedAt: this.clock.wall() } : listed));
  }

  /** @param expiresAt wall clock, ms: when nothing of the session is kept any more. */
  async ended(sessionId: string, phase: 'finished' | 'cancelled', expiresAt: number): Promise<void> {
    await this.change(sessionId, (listed) => ({ ...listed, phase, endedAt: listed.endedAt ?? this.clock.wall() }), expiresAt);
    const stored = await this.records.get(originKey(sessionId));
    if (stored) await this.records.put(originKey(sessionId), stored.value, { expected: stored.version, expiresAt });
  }

  async remove(sessionId: string): Promise<void> {
    const origin = await this.origin(sessionId);
    if (!origin) return;
    await this.records.delete(listKey(origin));
    await this.records.delete(originKey(sessionId));
  }

  /** @throws Problem 422 for a cursor that no page gave out */
  async list(owner: string, filter: ListFilter, limit: number, cursor: string | undefined): Promise<{ items: ListedSession[]; nextCursor: string | null }> {
    const prefix = listPrefix(owner);
    let after = cursor === undefined ? undefined : prefix + decodeCursor(cursor, placePattern);
    const items: ListedSession[] = [];
    for (;;) {
      const page = await this.records.list(prefix, { limit: pageRows, ...(after === undefined ? {} : { cursor: after }) });
      for (const { key, value } of page.items) {
        if (items.length === limit) return { items, nextCursor: encodeCursor((after ?? '').slice(prefix.length)) };
        const listed = readRow<ListedSession>(value);
        if (fits(listed, filter)) items.push(listed);
        after = key;
      }
      if (page.nextCursor === undefined) return { items, nextCursor: null };
    }
  }

  /** Two writers of one line (a start and an end close to each other) do not undo each other's. */
  private async change(sessionId: string, edit: (listed: ListedSession) => ListedSession, expiresAt?: number): Promise<void> {
    const origin = await this.origin(sessionId);
    if (!origin) return;
    const key = listKey(origin);
    for (let attempt = 0; attempt < triesMax; attempt += 1) {
      const stored = await this.records.get(key);
      if (!stored) return;
      const edited = edit(readRow<ListedSession>(stored.value));
      const until = expiresAt === undefined ? {} : { expiresAt };
      if ((await this.records.put(key, rowBytes(edited), { expected: stored.version, ...until })) !== undefined) return;
    }
  }
}

function fits(listed: ListedSession, { phase, quizId }: ListFilter): boolean {
  return (phase === undefined || listed.phase === phase) && (quizId === undefined || listed.quizId === quizId);
}
