/**
 * One turn, synchronous and without I/O: decide, evolve, follow-up deadlines, reply. A pure use of the behavior; what it
 * returns is committed elsewhere. Anything thrown here leaves `state` in doubt, and is a fault of its entity.
 */
import type { Deadline, TurnMeta } from '../behavior.js';
import type { AnyBehavior } from '../opaque.js';

export interface TurnResult {
  readonly events: readonly unknown[];
  readonly outputs: readonly unknown[];
  readonly reply: unknown;
  readonly meta: TurnMeta;
  /** Stashed commands are to be judged again (T4). */
  readonly unstashes: boolean;
  /** A snapshot is due (S1). */
  readonly snapshot: boolean;
}

export interface TurnSetting {
  readonly shard: number;
  readonly epoch: number;
  /** Number of the last record; events of this turn are in the next one. */
  readonly lastN: number;
  readonly at: number;
  readonly followUpsMax: number;
  /** A deadline that must not fire now, because the shard is stalled (T2). */
  readonly frozen: Deadline | null;
}

/** @returns 'stash' when the command is to wait. Throws what the behavior throws. */
export function takeTurn(behavior: AnyBehavior, state: unknown, command: unknown, setting: TurnSetting): TurnResult | 'stash' {
  const { shard, epoch, at } = setting;
  const decision = behavior.decide(state, command, at);
  if (decision.kind === 'stash') return 'stash';

  const before: TurnMeta = { shard, epoch, n: setting.lastN, at };
  const own: TurnMeta = { shard, epoch, n: setting.lastN + 1, at };
  const events: unknown[] = [];
  const outputs: unknown[] = [];
  let unstashes = false;
  let snapshot = false;
  const apply = (happened: readonly unknown[]): void => {
    for (const event of happened) {
      behavior.evolve(state, event, own);
      for (const output of behavior.outputs(state, event, own)) outputs.push(output);
      unstashes ||= behavior.unstashes(event);
      snapshot ||= behavior.snapshotAfter(event);
      events.push(event);
    }
  };

  apply(decision.events);
  for (let followUps = 0; ; followUps++) {
    const deadline = behavior.nextDeadline(state);
    if (deadline === null || deadline.behindReceived || deadline.at > at || deadline.at === setting.frozen?.at) break;
    if (followUps === setting.followUpsMax) throw new Error(`more than ${setting.followUpsMax} deadlines fell due within one turn`);
    const next = behavior.decide(state, behavior.deadlineCommand(state), at);
    if (next.kind === 'stash' || next.events.length === 0) break;
    apply(next.events);
  }
  const meta = events.length > 0 ? own : before;
  return { events, outputs, reply: decision.reply(state, meta), meta, unstashes, snapshot };
}
