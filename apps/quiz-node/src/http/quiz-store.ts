/** Quizzes in Records: one document per quiz, under its owner, so that a foreign one is simply not there. */
import type { Clock, Random, Records } from '@ringmaster/actors';
import type { NormalisedQuiz } from '../quiz/deck/normalise.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { readRow, rowBytes } from './rows.js';

export interface StoredQuiz {
  readonly quizId: string;
  /** Wall clock, ms. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly definition: NormalisedQuiz;
}

export interface VersionedQuiz extends StoredQuiz {
  readonly version: number;
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const idPattern = /^[0-9a-z]{16}$/;
/** A quiz may have a megabyte: a few are read at a time, so that a long list does not hold up everything else. */
const rowsAtOnce = 10;
const prefix = (owner: string): string => `quiz/${encodeURIComponent(owner)}/`;

export class QuizStore {
  constructor(
    private readonly records: Records,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  async create(owner: string, definition: NormalisedQuiz): Promise<VersionedQuiz> {
    const now = this.clock.wall();
    const quizId = Array.from(this.random.bytes(16), (byte) => alphabet[byte & 31]).join('');
    const quiz = { quizId, createdAt: now, updatedAt: now, definition };
    const version = await this.records.put(prefix(owner) + quizId, rowBytes(quiz), { expected: 0 });
    if (version === undefined) throw new Error('80 random bits were drawn twice');
    return { ...quiz, version };
  }

  async get(owner: string, quizId: string): Promise<VersionedQuiz | undefined> {
    if (!idPattern.test(quizId)) return undefined;
    const stored = await this.records.get(prefix(owner) + quizId);
    return stored && { ...readRow<StoredQuiz>(stored.value), version: stored.version };
  }

  /** @returns undefined when another version than `expected` stands there. */
  async replace(owner: string, present: VersionedQuiz, definition: NormalisedQuiz): Promise<VersionedQuiz | undefined> {
    const { version: expected, ...before } = present;
    const quiz = { ...before, definition, updatedAt: this.clock.wall() };
    const version = await this.records.put(prefix(owner) + present.quizId, rowBytes(quiz), { expected });
    return version === undefined ? undefined : { ...quiz, version };
  }

  delete(owner: string, quizId: string, expected?: number): Promise<boolean> {
    return this.records.delete(prefix(owner) + quizId, expected);
  }

  /** @throws Problem 422 for a cursor that no page gave out */
  async list(owner: string, limit: number, cursor: string | undefined): Promise<{ items: VersionedQuiz[]; nextCursor: string | null }> {
    let after = cursor === undefined ? undefined : prefix(owner) + decodeCursor(cursor, idPattern);
    const items: VersionedQuiz[] = [];
    for (;;) {
      const room = Math.min(rowsAtOnce, limit - items.length);
      const page = await this.records.list(prefix(owner), { limit: room, ...(after === undefined ? {} : { cursor: after }) });
      for (const { value, version } of page.items) items.push({ ...readRow<StoredQuiz>(value), version });
      if (page.nextCursor === undefined) return { items, nextCursor: null };
      after = page.nextCursor;
      if (items.length >= limit) return { items, nextCursor: encodeCursor(after.slice(prefix(owner).length)) };
    }
  }
}
