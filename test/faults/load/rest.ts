/** The REST calls of a host, who tries again until there is an answer: another router, the same key, so that it means the same. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Router } from './client.js';

export interface RestSpec {
  readonly key: string;
  readonly router: () => Router | undefined;
}

export interface NewSession {
  readonly sessionId: string;
  readonly hostToken: string;
  readonly presenterToken: string;
}

const CALL_MS_MAX = 8_000;
const AGAIN_MS = 300;

export class Rest {
  constructor(private readonly spec: RestSpec) {}

  /** @throws Error when there is no session after `withinMs`, or what is asked for is refused */
  newSession(quiz: unknown, settings: unknown, withinMs: number): Promise<NewSession> {
    return this.#must('/v1/sessions', { quiz, settings }, withinMs, { 'idempotency-key': randomUUID() });
  }

  /** @returns false when it is refused, as it is when the quiz has gone on meanwhile */
  async command(sid: string, cmd: string, withinMs: number, ifSeq?: number): Promise<boolean> {
    const body = { cmdId: randomUUID(), cmd, ...(ifSeq === undefined ? {} : { ifSeq }) };
    return this.#must(`/v1/sessions/${sid}/commands`, body, withinMs).then(() => true, () => false);
  }

  /** One call, once. @returns undefined when nobody answers */
  async once<T>(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly body: T } | undefined> {
    const { key, router } = this.spec;
    try {
      const headers = { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
      const answer = await fetch(urlOf(router()) + path, { method, headers, signal: AbortSignal.timeout(CALL_MS_MAX), ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
      return { status: answer.status, body: (await answer.json()) as T };
    } catch {
      return undefined;
    }
  }

  async #must<T>(path: string, body: unknown, withinMs: number, more: Readonly<Record<string, string>> = {}): Promise<T> {
    const end = performance.now() + withinMs;
    const { key, router } = this.spec;
    let last = '';
    while (performance.now() < end) {
      try {
        const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...more };
        const answer = await fetch(urlOf(router()) + path, { method: 'POST', headers, body: JSON.stringify(body), signal: AbortSignal.timeout(CALL_MS_MAX) });
        const text = await answer.text();
        if (answer.ok) return JSON.parse(text) as T;
        last = `${answer.status} ${text.slice(0, 300)}`;
        // 409: the first of these requests is still under way. Whatever else is refused is refused for good.
        if (answer.status < 500 && answer.status !== 409 && answer.status !== 429) break;
      } catch (error) {
        last = String(error);
      }
      await pause(AGAIN_MS);
    }
    throw new Error(`POST ${path}: ${last}`);
  }
}

/** @throws Error while no router runs */
function urlOf(router: Router | undefined): string {
  if (router === undefined) throw new Error('no router runs');
  return router.url;
}
