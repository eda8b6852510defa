import type { AnyEnvelope, AnyObserver } from '../opaque.js';
import type { DropReason } from './envelope.js';

/** Gives a command back unexecuted. Its sender may fail; the others get theirs all the same. */
export function giveBack(observer: AnyObserver, shard: number, envelope: AnyEnvelope, reason: DropReason, hint: string): void {
  try {
    envelope.dropped(reason, hint);
  } catch (error) {
    observer.faulted?.(shard, envelope.entityId, error, false);
  }
}
