/** A session in memory: the domain's state, and the latest messages, which are made of the same events. */
import type { Output } from '../quiz/outputs.js';
import type { QuizState } from './domain.js';
import { positionOf, playersIn, isLocked } from './domain.js';
import { PrivateBatch, SharedFrame } from './frames.js';
import { History, type HistoryLimits } from './history.js';
import type { SessionOutput } from './session-output.js';

const NOTHING: readonly SessionOutput[] = [];

export class SessionEntity {
  readonly history: History;
  #latest: readonly SessionOutput[] = NOTHING;
  #order = 0;

  constructor(
    readonly sessionId: string,
    readonly quiz: QuizState,
    limits: HistoryLimits,
  ) {
    this.history = new History(limits);
  }

  /** Keeps what an event made others hear. Called in a replay too, so that the next owner can fill what a router had not written (K4). */
  heard(outputs: readonly Output[]): void {
    this.#latest = outputs.length === 0 ? NOTHING : outputs.map((output) => this.#keep(output));
  }

  /** What the event that was evolved last made others hear. */
  takeHeard(): readonly SessionOutput[] {
    const heard = this.#latest;
    this.#latest = NOTHING;
    return heard;
  }

  #keep(output: Output): SessionOutput {
    switch (output.kind) {
      case 'shared': {
            const { e } = positionOf(this.quiz, undefined);
        const frame = new SharedFrame(e, output.s, this.#order++, output.t, output.at, output.d);
        this.history.addShared(frame);
        return { kind: 'shared', frame };
      }
      case 'private':
      case 'each': {
            const { e } = positionOf(this.quiz, undefined);
        const batch = new PrivateBatch(e, this.#order++, output.t, output.at, output.kind === 'each' ? output.items : [output]);
        this.history.addPrivate(batch);
        return { kind: 'private', batch };
      }
      case 'lobbyChanged':
        return { ...output, count: playersIn(this.quiz), locked: isLocked(this.quiz) };
      case 'disconnect':
      case 'progress':
      case 'standingsChanged':
      case 'ended':
      case 'retired':
        return output;
    }
  }
}
