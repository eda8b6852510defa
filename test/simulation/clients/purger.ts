/** Somebody who has a session removed over what REST calls, and asks for it afterwards. Owns what was asked and answered, which is the checker's evidence. */
import type { Reply } from '../../../apps/quiz-node/src/quiz/replies.js';
import type { World } from '../cluster/world.js';
import type { PurgePlan } from '../purge.js';
import type { SessionPlan } from '../scenario.js';
import type { Chance } from '../world/chance.js';
import { bystander } from './bystander.js';
import { restCall, type Call } from './rest-call.js';

export interface PurgeHistory {
  readonly sessionId: string;
  /** World time at which it was said that the session is gone. */
  acknowledgedAt: number | null;
  /** Whether it was said by refusing to know it: an earlier try, of which nothing was heard, has done it. */
  unknown: boolean;
  /** What was asked after that. */
  readonly asked: { readonly at: number; reply: Reply | null }[];
}

const LOOK_MS = 250;
/** What is not there (210), and what has ended already (401). */
const UNKNOWN = 210;
const WRONG_PHASE = 401;

export class Purger {
  readonly history: PurgeHistory;
  #createUnderWay: () => boolean = () => false;

  constructor(
    private readonly world: World,
    private readonly plan: PurgePlan,
    private readonly chance: Chance,
    /** Whether anybody has heard that it has ended. */
    private readonly hasEnded: () => boolean,
    private readonly session: SessionPlan,
  ) {
    this.history = { sessionId: plan.sessionId, acknowledgedAt: null, unknown: false, asked: [] };
  }

  /** The session is there. */
  created(createUnderWay: () => boolean): void {
    this.#createUnderWay = createUnderWay;
    const { cancelAt } = this.plan;
    if (cancelAt === null) return this.#awaitEnd();
    this.world.time.after(Math.max(0, cancelAt - this.world.time.now), () =>
      this.#call({ type: 'cancel', reason: 'not wanted any more' }, (reply) => {
        if (!reply.ok && reply.code !== WRONG_PHASE) return false;
        this.world.sometimes.note('REST cancel');
        this.#prepare();
        return true;
      }),
    );
  }

  /** It is asked for once more. */
  askAgain(): void {
    const asked: PurgeHistory['asked'][number] = { at: this.world.time.now, reply: null };
    this.history.asked.push(asked);
    this.#call({ type: 'cancel', reason: 'is it there?' }, (reply) => {
      asked.reply = reply;
      return true;
    });
  }

  #awaitEnd(): void {
    if (this.hasEnded()) return this.#prepare();
    this.world.time.after(LOOK_MS, () => this.#awaitEnd());
  }

  #prepare(): void {
    if (!this.plan.withBystander) return this.#purge();
    bystander(this.world, this.session, this.chance.fork('bystander'), () => this.#purge());
  }

  #purge(): void {
    this.world.time.after(this.plan.afterMs, () => this.#whenCreatedOnce());
  }

  /** Two tries to create make one session only here; REST gives each an id of its own. The later one would make it anew. */
  #whenCreatedOnce(): void {
    if (this.#createUnderWay()) return void this.world.time.after(LOOK_MS, () => this.#whenCreatedOnce());
    this.#call({ type: 'purge' }, (reply) => {
      if (!reply.ok && reply.code !== UNKNOWN) return false;
      this.history.acknowledgedAt = this.world.time.now;
      this.history.unknown = !reply.ok;
      this.world.sometimes.note('REST purge');
      this.askAgain();
      return true;
    });
  }

  #call(call: Call, answered: (reply: Reply) => boolean): void {
    restCall(this.world, this.plan.sessionId, this.chance, call, answered);
  }
}
