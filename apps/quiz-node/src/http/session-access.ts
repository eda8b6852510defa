/**
 * Asks a session, live or archived. Owns what it has learnt of whose sessions are: those facts never change, so they are remembered, a bounded number of them.
 * Everything that does change is asked for in a turn of the session, behind the gate (L6).
 */
import type { Command } from '../quiz/commands.js';
import type { Reply } from '../quiz/replies.js';
import { createdOf } from '../quiz/state/state.js';
import type { SessionState } from '../quiz/state/state.js';
import { unpackSecrets } from '../quiz/state/secrets.js';
import type { SessionFacts } from './authenticate.js';
import type { HostDesk } from './host-desk.js';
import { notFound, refusedCommand } from './problem.js';
import type { SessionIndex } from './session-index.js';

/** Gives back the state that an ended session was archived with; undefined when there is none. */
export type ArchivedState = (sessionId: string) => Promise<SessionState | undefined>;

/** Looks at a session, live in a turn of its own. What is given back must not refer into the state. */
export type Look = <T>(read: (state: SessionState) => T) => Promise<T>;

const factsMax = 20_000;

export class SessionAccess {
  readonly #facts = new Map<string, SessionFacts>();

  constructor(
    private readonly node: Pick<HostDesk, 'desk'>,
    private readonly index: SessionIndex,
    private readonly archived: ArchivedState,
  ) {}

  /** @throws NotOwnerError, SessionError */
  async facts(sessionId: string): Promise<SessionFacts | undefined> {
    const known = this.#facts.get(sessionId);
    if (known !== undefined) return known;
    const facts = (await this.node.desk.view(sessionId, readFacts)) ?? (await this.index.origin(sessionId));
    if (facts !== undefined) this.#remember(sessionId, facts);
    return facts;
  }

  /** What was said of it before is not true any more. */
  forget(sessionId: string): void {
    this.#facts.delete(sessionId);
  }

  /** @throws Problem 404 when it neither lives nor was archived; NotOwnerError, SessionError */
  view<T>(sessionId: string, read: (state: SessionState) => T): Promise<T> {
    return this.looker(sessionId)(read);
  }

  /** For several looks at one session: an archive is opened once. */
  looker(sessionId: string): Look {
    let archived: SessionState | undefined;
    return async (read) => {
      const live = archived === undefined ? await this.node.desk.view(sessionId, (state) => ({ seen: read(state) })) : undefined;
      if (live !== undefined) return live.seen;
      archived ??= await this.archived(sessionId);
      if (archived === undefined) throw notFound('session');
      return read(archived);
    };
  }

  /** @throws Problem when the session refuses; NotOwnerError, SessionError */
  async order(sessionId: string, command: (recvAt: number) => Command): Promise<Extract<Reply, { ok: true }>> {
    const { desk } = this.node;
    const reply = await desk.ask(sessionId, command(desk.now(sessionId)), 'host');
    if (reply.ok) return reply;
    const detail = reply.extra?.detail;
    throw refusedCommand(reply.code, detail === undefined ? {} : { detail });
  }

  #remember(sessionId: string, facts: SessionFacts): void {
    const [oldest] = this.#facts.keys();
    if (this.#facts.size >= factsMax && oldest !== undefined) this.#facts.delete(oldest);
    this.#facts.set(sessionId, facts);
  }
}

function readFacts(state: SessionState): SessionFacts {
  const { owner, secrets } = createdOf(state);
  const { hostTokenSha256, presenterTokenSha256 } = unpackSecrets(secrets);
  return { owner, hostTokenSha256, presenterTokenSha256 };
}
