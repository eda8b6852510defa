/**
 * The sessions of this node, for edges that ask one thing and wait for the answer (REST). Everything goes through the mailbox and the gate (L6): no answer
 * is given from an old state, views included.
 */
import type { Lane, RegionPort, TurnMeta } from '@ringmaster/actors';
import type { Command } from '../quiz/commands.js';
import type { Reply } from '../quiz/replies.js';
import type { Decks } from './decks.js';
import type { QuizState } from './domain.js';
import type { SessionCommand, SessionReply } from './session-command.js';
import { errorOfDrop, StalledError } from './session-error.js';
import type { SessionOutput } from './session-output.js';

/** Hears what sessions of this node made public, after the gate. */
export type OutputListener = (sessionId: string, outputs: readonly SessionOutput[], meta: TurnMeta) => void;

export class SessionDesk {
  readonly #listeners = new Set<OutputListener>();
  readonly #stalled = new Set<number>();

  constructor(
    private readonly region: () => RegionPort<SessionCommand, SessionReply>,
    readonly decks: Decks,
  ) {}

  /** Session time now, ms: the `recvAt` of a command that has just arrived. Only meaningful while this node owns the session. */
  now(sessionId: string): number {
    const region = this.region();
    return region.sessionTime(region.shardOf(sessionId));
  }

  /**
   * Hands a command to the session.
   * @returns the domain's reply; a refusal is a reply.
   * @throws NotOwnerError, StalledError, SessionError (asynchronously)
   */
  async ask(sessionId: string, command: Command, lane: Lane): Promise<Reply> {
    // The event names the deck by its hash: whoever replays it must find the deck.
    if (command.type === 'create') command = { ...command, deck: await this.decks.put(command.deck) };
    return (await this.#tell(sessionId, { type: 'domain', command }, lane)) as Reply;
  }

  /**
   * Looks at a session's state inside a turn. `read` must not return references into the state.
   * @returns undefined when there is no such session.
   * @throws NotOwnerError, StalledError, SessionError (asynchronously)
   */
  async view<T>(sessionId: string, read: (state: QuizState, meta: TurnMeta) => T): Promise<T | undefined> {
    const reply = await this.#tell(sessionId, { type: 'query', read }, 'rest');
    return reply.ok && reply.type === 'view' ? (reply.value as T) : undefined;
  }

  /** @returns ends the subscription. */
  onOutputs(listener: OutputListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  released(sessionId: string, outputs: readonly SessionOutput[], meta: TurnMeta): void {
    for (const listener of this.#listeners) listener(sessionId, outputs, meta);
  }

  /** The journal of a shard does not answer (true), or does again. Until then nothing is taken for its sessions. */
  stalled(shard: number, stalled: boolean): void {
    if (stalled) this.#stalled.add(shard);
    else this.#stalled.delete(shard);
  }

  #tell(entityId: string, command: SessionCommand, lane: Lane): Promise<SessionReply> {
    const region = this.region();
    const shard = region.shardOf(entityId);
    if (this.#stalled.has(shard)) return Promise.reject(new StalledError(shard));
    return new Promise((resolve, reject) => {
      region.tell({
        entityId,
        lane,
        command,
        replied: resolve,
        dropped: (reason, hint) => reject(errorOfDrop(reason, shard, hint)),
      });
    });
  }
}
