/**
 * One shard as this node sees it. Owns the phase, and the commands that arrive while it is not active:
 *   idle → seeking (who owns it?) → claiming (L3) → recovering (S3) → active → idle again when fenced or released; or halted, for good.
 * O1: whoever is asked sees to it that there is an owner. O2: an owner that answers for the shard is left alone.
 * L3: what arrives before the shard is active is held, and nothing is said.
 */
import { Halt, haltFor } from '../halt.js';
import type { AnyEnvelope } from '../opaque.js';
import type { ProbeAnswer, ShardReport } from '../ports/membership.js';
import type { DropReason } from '../region/envelope.js';
import { giveBack } from '../region/give-back.js';
import type { Ownership } from '../region/region-port.js';
import type { LogReader } from '../log/log-reader.js';
import { nameOf, type Runtime } from '../region/runtime.js';
import type { Passivation } from '../entity/passivation.js';
import { Fifo } from '../time/fifo.js';
import { Ended, Life } from '../time/life.js';
import { Retry } from '../time/retry.js';
import { ActiveShard } from './active-shard.js';
import { claim, survey, type ClaimPorts } from './claim.js';
import { LastHeard } from './last-heard.js';
import { recover, type Recovered } from './recovery.js';

export type Phase =
  | { readonly kind: 'idle' }
  | { readonly kind: 'seeking' | 'claiming' | 'recovering'; readonly life: Life }
  | { readonly kind: 'active'; readonly active: ActiveShard }
  | { readonly kind: 'halted'; readonly halt: Halt };

export interface ShardSurroundings {
  readonly passivation: Passivation;
  /** Whether `owner` answers for the shard at `epoch` (O2). */
  answers(owner: string, shard: number, epoch: number, retry: Retry): Promise<boolean>;
  /** The node to which the ring gives the shard; empty when that is this one. */
  ringHint(shard: number): string;
  /** Whether this node may claim. */
  mayClaim(): boolean;
}

type Outcome = { readonly recovered: Recovered } | { readonly owner: string };

export class Shard {
  phase: Phase = { kind: 'idle' };
  private readonly waiting = new Fifo<AnyEnvelope>();
  private readonly settling: (() => void)[] = [];
  /** It was clear once whether this node gets the shard. */
  clear = false;
  /** Name of the owner, as far as known. */
  private hint = '';
  /** Monotonic times, ms: until when an owner that answered is not asked again, until when one that has left only points to the next. */
  private trustedUntil = -Infinity;
  private leftUntil = -Infinity;
  /** Monotonic time before which this node does not claim (O2), ms. */
  private claimAfter = -Infinity;
  /** What was read of the log while another owned the shard. */
  private warm: LogReader | undefined;
  /** What the routers say of the owners before: offset of the last one's clock from this process's, and when each was last heard. */
  private lastOffset = -Infinity;
  readonly lastHeard = new LastHeard();

  constructor(
    readonly id: number,
    private readonly runtime: Runtime,
    private readonly surroundings: ShardSurroundings,
  ) {}

  get active(): ActiveShard | undefined {
    return this.phase.kind === 'active' ? this.phase.active : undefined;
  }

  tell(envelope: AnyEnvelope): void {
    if (this.phase.kind === 'active') {
      const refused = this.phase.active.tell(envelope);
      if (refused) this.refuse(envelope, refused.reason, refused.hint);
    } else if (this.phase.kind === 'halted') this.refuse(envelope, 'halted', this.phase.halt.code);
    else if (this.phase.kind === 'idle' && !this.mayServe()) this.refuse(envelope, 'notOwner', this.ownerHint());
    else this.holdBack(envelope);
  }

  ownership(): Ownership {
    const { phase } = this;
    if (phase.kind === 'halted') return { kind: 'halted', code: phase.halt.code, message: phase.halt.message };
    if (phase.kind === 'idle') return { kind: 'other', hint: this.ownerHint() };
    if (phase.kind !== 'active' || !phase.active.announced) return { kind: 'claiming' };
    return { kind: 'active', epoch: phase.active.epoch, offset: phase.active.clock.offset };
  }

  /** O2: another node asks whether this one owns the shard at `epoch`, or is about to. */
  probeAnswer(epoch: number): ProbeAnswer {
    if (this.phase.kind === 'active') return this.phase.active.epoch >= epoch ? 'owns' : 'no';
    return this.phase.kind === 'claiming' || this.phase.kind === 'recovering' ? 'claiming' : 'no';
  }

  /** Undefined where this node has nothing to do with the shard. */
  report(): ShardReport | undefined {
    const { phase, id: shard } = this;
    if (phase.kind === 'idle' || phase.kind === 'seeking') return undefined;
    if (phase.kind === 'halted') return { shard, state: 'halted', halt: phase.halt.code };
    if (phase.kind !== 'active') return { shard, state: 'claiming' };
    const { epoch, outbox, hot, roster, offsets } = phase.active;
    return { shard, state: 'active', epoch, n: outbox.acceptedN, ...offsets, hot: hot.size, entities: roster.size };
  }

  reportTime(offset: number): void {
    if (this.phase.kind === 'active') return this.phase.active.reportTime(offset);
    this.lastOffset = Math.max(this.lastOffset, offset);
  }

  /** O1: sees to it that the shard has an owner; not more often than `probeTrustMs` while one answers. */
  attend(): void {
    if (this.runtime.clock.mono() >= this.trustedUntil) this.begin();
  }

  private begin(): void {
    if (this.phase.kind !== 'idle' || !this.mayServe()) return;
    const life = new Life();
    this.phase = { kind: 'seeking', life };
    this.seek(life).catch((error: unknown) => {
      if (!(error instanceof Ended)) this.halt(haltFor(error));
    });
  }

  /** O3: lets go of the shard; `hint` names who is to have it. Resolves when `released` is accepted, or the shard is not owned any more. */
  release(hint: string): Promise<void> {
    const { active } = this;
    if (!active) return Promise.resolve();
    return new Promise((resolve) => {
      active.life.onEnd(resolve);
      active.release(() => this.leave(hint, hint));
    });
  }

  /**
   * O3: looks at the log now, whoever was trusted to own the shard, and claims it if nobody does. Resolves when that is settled.
   * @throws JournalError while it has an owner and the store does not answer, without which it could not be recovered here
   */
  async take(): Promise<void> {
    await this.settled(); // what is under way may have read before the owner let go
    this.leftUntil = this.trustedUntil = -Infinity;
    this.begin();
    await this.settled();
    if (this.phase.kind === 'idle') await this.runtime.snapshots.getReplayFrom(this.id); // a log that was read before needs no store to be read on; a recovery does
  }

  /** Resolves when it is clear whether this node gets the shard. */
  private settled(): Promise<void> {
    return 'life' in this.phase ? new Promise((resolve) => this.settling.push(resolve)) : Promise.resolve();
  }

  /** Gives everything up at once, without a word to the journal. */
  stop(): void {
    if (this.phase.kind === 'active') this.leave('', '');
    else if (this.phase.kind !== 'idle' && this.phase.kind !== 'halted') this.standBack(this.phase.life, '');
  }

  private async seek(life: Life): Promise<void> {
    const { runtime } = this;
    const began = runtime.clock.mono();
    const { journal, snapshots, random, limits, recoveries } = runtime;
    const retry = new Retry(runtime.timers, random, life, limits);
    const ports: ClaimPorts = { journal, snapshots, random, limits, retry, life };
    const log = await recoveries.within(() => survey(this.id, ports, this.warm));
    const { owner, epoch } = log.rule;
    this.warm = undefined;
    if (await this.surroundings.answers(owner, this.id, epoch, retry)) {
      this.trustedUntil = runtime.clock.mono() + limits.probeTrustMs;
      this.warm = log;
      return this.standBack(life, owner);
    }
    const wait = this.claimAfter - runtime.clock.mono();
    if (wait > 0 && owner !== '') await retry.sleep(wait); // O2 jitter after having been fenced; where nobody owns the shard (O3) there is nobody to claim in turn with
    const outcome = await recoveries.within(async (): Promise<Outcome> => {
      life.check();
      this.phase = { kind: 'claiming', life };
      const result = await claim(log, runtime.self.owner, ports);
      if (result.kind === 'beaten') return result;
      this.phase = { kind: 'recovering', life };
      const recovered = await recover({ runtime, shard: this.id, claim: result, life, retry });
      return recovered === 'fenced' ? { owner: '' } : { recovered };
    });
    life.check();
    if ('recovered' in outcome) {
      this.activate(outcome.recovered, life, retry);
      runtime.observer.recovered?.(this.id, runtime.clock.mono() - began);
      return;
    }
    this.claimAfter = runtime.clock.mono() + this.jitter();
    this.standBack(life, outcome.owner);
  }

  private activate(recovered: Recovered, life: Life, retry: Retry): void {
    const { runtime, id } = this;
    const active = new ActiveShard({
      runtime,
      id,
      recovered,
      life,
      retry,
      passivation: this.surroundings.passivation,
      lastOffset: this.lastOffset,
      lastHeard: this.lastHeard,
      fenced: (owner) => this.fenced(owner),
      halted: (halt) => this.halt(halt),
    });
    this.phase = { kind: 'active', active };
    this.lastOffset = -Infinity;
    active.start();
    for (const envelope of this.takeWaiting()) this.tell(envelope);
    this.settle();
  }

  private fenced(owner: string): void {
    this.claimAfter = this.runtime.clock.mono() + this.jitter();
    this.leave(owner, nameOf(owner));
  }

  /** Drops the state of an active shard; whoever claims it next claims a new epoch (L4). */
  private leave(owner: string, hint: string): void {
    const { active } = this;
    if (!active) return;
    this.phase = { kind: 'idle' };
    this.hint = nameOf(owner);
    if (hint !== '') this.leftUntil = this.runtime.clock.mono() + this.runtime.limits.probeTrustMs;
    active.end('notOwner', hint);
    this.runtime.observer.lost(this.id, hint);
  }

  private standBack(life: Life, owner: string): void {
    life.end();
    this.phase = { kind: 'idle' };
    this.hint = nameOf(owner);
    this.lastOffset = -Infinity;
    for (const envelope of this.takeWaiting()) this.refuse(envelope, 'notOwner', this.ownerHint());
    this.settle();
  }

  private halt(halt: Halt): void {
    const { phase, runtime } = this;
    this.phase = { kind: 'halted', halt };
    if (phase.kind === 'active') {
      phase.active.end('halted', halt.code);
      runtime.observer.lost(this.id, '');
    } else if ('life' in phase) phase.life.end();
    for (const envelope of this.takeWaiting()) this.refuse(envelope, 'halted', halt.code);
    runtime.observer.halted?.(this.id, halt.code, halt.message);
    this.settle();
  }

  private settle(): void {
    this.clear = true;
    for (const done of this.settling.splice(0)) done();
  }

  /** Later, so that whoever told us is not called back within its own call. */
  private refuse(envelope: AnyEnvelope, reason: DropReason, hint: string): void {
    queueMicrotask(() => giveBack(this.runtime.observer, this.id, envelope, reason, hint));
  }

  private holdBack(envelope: AnyEnvelope): void {
    const { budget, limits } = this.runtime;
    if (this.waiting.length >= limits.mailboxMax || budget.used >= budget.max) return this.refuse(envelope, 'mailboxFull', '');
    budget.used++;
    this.waiting.push(envelope);
    this.begin();
  }

  private takeWaiting(): AnyEnvelope[] {
    this.runtime.budget.used -= this.waiting.length;
    return this.waiting.drain();
  }

  private mayServe(): boolean {
    return this.surroundings.mayClaim() && this.runtime.clock.mono() >= this.leftUntil;
  }

  private ownerHint(): string {
    return this.hint !== '' && this.hint !== this.runtime.self.name ? this.hint : this.surroundings.ringHint(this.id);
  }

  private jitter(): number {
    const { fencedJitterMsMin, fencedJitterMsMax } = this.runtime.limits;
    return fencedJitterMsMin + this.runtime.random.fraction() * (fencedJitterMsMax - fencedJitterMsMin);
  }
}
