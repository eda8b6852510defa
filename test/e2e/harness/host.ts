/** A quiz host who uses REST. */
import { eventually } from './waiting.js';

export interface Answered<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export interface NewSession {
  readonly sessionId: string;
  readonly joinUrl: string;
  readonly wsUrl: string;
  readonly hostToken: string;
  readonly presenterToken: string;
}

export interface CommandOk {
  readonly phase: string;
  readonly e: string;
  readonly s: number;
  readonly dup?: true;
}

export interface ReportRow {
  readonly playerId: string;
  readonly nickname: string;
  readonly score: number;
  readonly rank: number;
  readonly correct: number;
  readonly sumE: number;
  readonly answered: number;
}

export interface ReportAnswer {
  readonly playerId: string;
  readonly qid: string;
  readonly answerId: string;
  readonly value: unknown;
  readonly receivedAt: number;
  readonly outcome: string | null;
  readonly points: number | null;
}

export interface Report {
  readonly phase: string;
  readonly revision: number;
  readonly players: readonly ReportRow[];
  readonly questions: readonly { readonly qid: string; readonly answered: number; readonly correct: number }[];
  readonly answers: readonly ReportAnswer[];
  readonly standingsHash: string;
}

export type Json = Readonly<Record<string, unknown>>;

export class Host {
  private commands = 0;

  constructor(
    readonly url: string,
    readonly key: string,
  ) {}

  async ask<T = Json>(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answered<T>> {
    const content = body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${this.key}`, ...content, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = /[/+]json(;|$)/.test(answer.headers.get('content-type') ?? '') && text !== '';
    return { status: answer.status, headers: answer.headers, body: (isJson ? JSON.parse(text) : text) as T };
  }

  /** As `ask`, for what has to succeed. */
  async get<T = Json>(path: string): Promise<T> {
    return this.must<T>('GET', path);
  }

  async must<T = Json>(method: string, path: string, body?: unknown): Promise<T> {
    const { status, body: answer } = await this.ask<T>(method, path, body);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
    return answer;
  }

  async newSession(quiz: Json, settings: Json = {}): Promise<NewSession> {
    return this.must<NewSession>('POST', '/v1/sessions', { quiz, settings });
  }

  async order(sessionId: string, cmd: string, args?: Json): Promise<CommandOk> {
    this.commands += 1;
    const cmdId = `${cmd}-${this.commands}-${performance.now()}`;
    return this.must<CommandOk>('POST', `/v1/sessions/${sessionId}/commands`, { cmdId, cmd, ...(args && { args }) });
  }

  async report(sessionId: string): Promise<Report> {
    return this.get<Report>(`/v1/sessions/${sessionId}/report?format=json`);
  }

  /** Waits until the product takes requests. */
  async ready(): Promise<void> {
    const isReady = async () => ((await fetch(`${this.url}/readyz`).catch(() => null))?.status === 200 ? true : undefined);
    await eventually(isReady, `${this.url}/readyz`);
  }
}
