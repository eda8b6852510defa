/** Somebody who looks after a session over REST: corrects keys, takes questions out, sends players away. Owns what is still to be done. */
import type { KeyValue } from '../../../apps/quiz-node/src/quiz/definition.js';
import type { World } from '../cluster/world.js';
import type { Chance } from '../world/chance.js';
import { restCall, type Call } from './rest-call.js';

export interface Supervision {
  /** Key that replaces the one of the deck, by question, where one is to be corrected at all. */
  readonly corrections: Readonly<Record<string, KeyValue>>;
  /** Questions that are voided after their reveal. */
  readonly voids: readonly string[];
  /** How many players are sent away, and how. */
  readonly removals: readonly ('kick' | 'ban')[];
}

/** Refusals that another try may not get: the reveal is a fact for the host before it is one for this call's node, or the question was voided. */
const TRIES_MAX = 3;

export class Supervisor {
  #calls = 0;
  readonly #removals: ('kick' | 'ban')[];

  constructor(
    private readonly world: World,
    private readonly sessionId: string,
    private readonly plan: Supervision,
    private readonly chance: Chance,
    /** Ids of players who are in, as far as known. */
    private readonly players: () => readonly string[],
  ) {
    this.#removals = [...plan.removals];
  }

  /** Heard with the host's ears. */
  revealed(qid: string): void {
    const { corrections, voids } = this.plan;
    const key = corrections[qid];
    if (key !== undefined) this.#later({ type: 'correctKey', cmdId: this.#cmdId(), qid, key, reason: 'a mistake' });
    if (voids.includes(qid)) this.#later({ type: 'host', cmdId: this.#cmdId(), order: 'void', args: { qid, reason: 'unfair' } });
  }

  opened(): void {
    const order = this.#removals.pop();
    if (order === undefined) return;
    const ids = this.players();
    if (ids.length > 1) this.#later({ type: 'host', cmdId: this.#cmdId(), order, args: { playerId: this.chance.pick(ids) } });
  }

  #cmdId(): string {
    return `rest-${this.sessionId}-${++this.#calls}`;
  }

  #later(call: Call): void {
    let tries = 0;
    this.world.time.after(this.chance.skewed(5, 3_000), () =>
      restCall(this.world, this.sessionId, this.chance, call, (reply) => {
        if (!reply.ok && (reply.code >= 500 || ++tries < TRIES_MAX)) return false;
        this.world.sometimes.note(`REST ${call.type === 'host' ? call.order : call.type}${reply.ok ? '' : ' refused'}`);
        return true;
      }),
    );
  }
}
