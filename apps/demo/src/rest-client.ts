/** The few REST calls that a host makes. 503 is not the end: shards move. A request that is sent again carries the same key, so that it is carried out once. */
import { randomUUID } from 'node:crypto';
import type { Report } from './audit.js';
import type { KnownQuestion } from './knowledge.js';

export interface CreatedSession {
  readonly sessionId: string;
  readonly wsUrl: string;
  readonly hostToken: string;
  readonly presenterToken: string;
}

export interface StoredQuiz {
  readonly quizId: string;
  readonly title: string;
  readonly questions: readonly KnownQuestion[];
}

interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

const PATIENCE_MS = 15_000;
const RETRY_MS = 250;

export class RestClient {
  constructor(
    private readonly url: string,
    private readonly key: string,
  ) {}

  createQuiz(quiz: unknown): Promise<StoredQuiz> {
    return this.send('POST', '/v1/quizzes', JSON.stringify(quiz));
  }

  /** @param format csv, opentdb or json. */
  importQuiz(format: string, text: string): Promise<{ readonly quizId: string }> {
    return this.send('POST', `/v1/quizzes:import?format=${format}`, text, format === 'csv' ? 'text/csv' : 'application/json');
  }

  getQuiz(quizId: string): Promise<StoredQuiz> {
    return this.send('GET', `/v1/quizzes/${quizId}`);
  }

  createSession(body: unknown): Promise<CreatedSession> {
    return this.send('POST', '/v1/sessions', JSON.stringify(body));
  }

  async command(sessionId: string, cmdId: string, cmd: string): Promise<void> {
    await this.send('POST', `/v1/sessions/${sessionId}/commands`, JSON.stringify({ cmdId, cmd }));
  }

  /** Name of the node that owns the session. */
  async owner(sessionId: string): Promise<string> {
    return (await this.send<{ readonly node: string }>('GET', `/v1/admin/sessions/${sessionId}/actor`)).node;
  }

  report(sessionId: string): Promise<Report> {
    return this.send('GET', `/v1/sessions/${sessionId}/report?format=json`);
  }

  private async send<T>(method: string, path: string, body?: string, type = 'application/json'): Promise<T> {
    const headers = { authorization: `Bearer ${this.key}`, ...(body === undefined ? {} : { 'content-type': type, 'idempotency-key': randomUUID() }) };
    const deadline = performance.now() + PATIENCE_MS;
    const ask = (): Promise<Response> => fetch(this.url + path, { method, headers, ...(body === undefined ? {} : { body }) });
    let response = await ask();
    // 409: what was answered 503 is still under way.
    for (let again = false; (response.status === 503 || (again && response.status === 409)) && performance.now() < deadline; again = true) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      response = await ask();
    }
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${problemText(text)}`);
    return JSON.parse(text) as T;
  }
}

function problemText(text: string): string {
  try {
    const problem = JSON.parse(text) as Problem;
    const errors = problem.errors?.slice(0, 5).map((error) => `\n  ${error.pointer}: ${error.detail}`) ?? [];
    return `${problem.title ?? ''} ${problem.detail ?? ''}${errors.join('')}`.trim();
  } catch {
    return text.slice(0, 200);
  }
}
