/** Quizzes in Records: one document per quiz, under its owner, so that a foreign one is simply not there. */
import type { Clock, Random, Records } from '@ringmaster/actors';
import type { NormalisedQuiz } from '../quiz/deck/normalise.js';
import { decodeCursor, encodeCursor } from './cursor.js';

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
const prefix = (owner: string) => `quiz/${encodeURIComponent(owner)}/`;
const encode = (quiz: StoredQuiz) => new TextEncoder().encode(JSON.stringify(quiz));
const decode = (value: Uint8Array) => JSON.parse(new TextDecoder().decode(value)) as StoredQuiz;

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
    const version = await this.records.put(prefix(owner) + quizId, encode(quiz), { expected: 0 });
    if (version === undefined) throw new Error('80 random bits were drawn twice');
    return { ...quiz, version };
  }

  async get(owner: string, quizId: string): Promise<VersionedQuiz | undefined> {
    const stored = await this.records.get(prefix(owner) + quizId);
    return stored && { ...decode(stored.value), version: stored.version };
  }

  /** @returns undefined when another version than `expected` stands there. */
  async replace(owner: string, present: VersionedQuiz, definition: NormalisedQuiz): Promise<VersionedQuiz | undefined> {
    const { version: expected, ...before } = present;
    const quiz = { ...before, definition, updatedAt: this.clock.wall() };
    const version = await this.records.put(prefix(owner) + present.quizId, encode(quiz), { expected });
    return version === undefined ? undefined : { ...quiz, version };
  }

  delete(owner: string, quizId: string, expected?: number): Promise<boolean> {
    return this.records.delete(prefix(owner) + quizId, expected);
  }

  /** @throws Problem 422 for a cursor that no page gave out */
  async list(owner: string, limit: number, cursor: string | undefined): Promise<{ items: VersionedQuiz[]; nextCursor: string | null }> {
    const after = cursor === undefined ? {} : { cursor: decodeCursor(cursor) };
    const page = await this.records.list(prefix(owner), { limit, ...after });
    return {
      items: page.items.map(({ value, version }) => ({ ...decode(value), version })),
      nextCursor: page.nextCursor === undefined ? null : encodeCursor(page.nextCursor),
    };
  }
}
