import type { TurnMeta } from '../behavior.js';

/** What the region tells its surroundings. Everything but what `stalled`, `recovered` and `hung` tell has passed the gate (L6). */
export interface RegionObserver<Output> {
  /** Outputs of one turn, in order; after the turn's own reply. */
  released(entityId: string, outputs: readonly Output[], meta: TurnMeta): void;
  /** This node owns `shard` now, or its clock offset was raised: session time = this process's mono + `offset` (T1). */
  owned(shard: number, epoch: number, offset: number): void;
  /** This node does not own `shard` any more, or has dropped its state (K6). `hint` names the owner if known, else is empty. */
  lost(shard: number, hint: string): void;
  /** A planned move of `shard` began (O3). */
  moving(shard: number): void;
  /** The journal has not answered for a while (true), or does again (false): a hint, it promises nothing. */
  stalled(shard: number, stalled: boolean): void;
  /** This node got `shard`: so long after it began to ask who owns it, it has read its log, ms. */
  recovered?(shard: number, ms: number): void;
  /** This process stood still for `ms`. */
  hung?(ms: number): void;
  /** The shard stands still with a named error (I9). For logs and alarms; `lost` was called before if it was owned. */
  halted?(shard: number, code: string, message: string): void;
  /** A turn, rebuild or callback of this entity threw. `quarantined`: the entity stands still from now on. For logs and alarms. */
  faulted?(shard: number, entityId: string, error: unknown, quarantined: boolean): void;
}
