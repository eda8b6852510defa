/**
 * L6 for what is said of a whole shard: lets something happen when an append that starts now is accepted, and never if this node has been replaced meanwhile.
 * It asks a session that nobody can have: the answer comes through the same gate as every other.
 */
import type { RegionPort } from '@ringmaster/actors';
import type { SessionCommand, SessionReply } from './session-command.js';

type Region = RegionPort<SessionCommand, SessionReply>;

export class ShardGate {
  readonly #ids = new Map<number, string>();
  #tried = 0;

  constructor(private readonly region: () => Region) {}

  passed(shard: number, then: () => void): void {
    this.region().tell({
      entityId: this.#idIn(shard),
      lane: 'host',
      command: { type: 'query', read: () => null },
      replied: then,
      // A full disk lets no new session in, and this one looks like it; whoever was replaced is told so by other means.
      dropped: (reason) => {
        if (reason === 'storageFull') then();
      },
    });
  }

  /** An id in this shard that is no session id: those have no dash and no small letters. */
  #idIn(shard: number): string {
    for (let id = this.#ids.get(shard); ; id = this.#ids.get(shard)) {
      if (id !== undefined) return id;
      const candidate = `gate-${(this.#tried++).toString(36)}`;
      this.#ids.set(this.region().shardOf(candidate), candidate);
    }
  }
}
