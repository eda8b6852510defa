/** Many clients of one server in one process. Owns their sockets; a socket that is lost ends the run, because every figure after it would be wrong. */
import { WireSocket } from './socket.js';

export interface Member {
  readonly wire: WireSocket;
  /** Id that the server gave. */
  readonly playerId: string;
}

export class Crowd {
  /** What was received by the member at `index`. The payload is valid during the call. */
  onMessage: (index: number, payload: Buffer) => void = () => undefined;
  readonly #members: Member[] = [];
  #closed = false;

  private constructor(private readonly onLost: (error: Error) => void) {}

  /** Opens `size` clients, a batch at a time. `join` resolves when a member is in, and hands its later messages on. @throws when one cannot join. */
  static async gather(size: number, join: (index: number, received: (payload: Buffer) => void) => Promise<Member>): Promise<Crowd> {
    const crowd = new Crowd((error) => {
      throw error;
    });
    for (let from = 0; from < size; from += BATCH) {
      const batch = Array.from({ length: Math.min(BATCH, size - from) }, (_, i) => crowd.#join(from + i, join));
      for (const member of await Promise.all(batch)) crowd.#members.push(member);
    }
    return crowd;
  }

  get size(): number {
    return this.#members.length;
  }

  playerId(index: number): string {
    return this.#members[index]!.playerId;
  }

  write(index: number, frame: Buffer): void {
    this.#members[index]!.wire.write(frame);
  }

  close(): void {
    this.#closed = true;
    for (const { wire } of this.#members) wire.destroy();
  }

  async #join(index: number, join: (index: number, received: (payload: Buffer) => void) => Promise<Member>): Promise<Member> {
    const member = await join(index, (payload) => this.onMessage(index, payload));
    member.wire.onClose = (code) => {
      if (!this.#closed) this.onLost(new Error(`client ${index} was closed with ${code}`));
    };
    return member;
  }
}

/** Sockets that are opened at once. */
const BATCH = 100;
