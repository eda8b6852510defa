/**
 * A session of the same shard that waits in its lobby, in memory because somebody looks at it now and then, and of which the store has nothing: it holds replayFrom
 * below whatever happens to others after it was created (S2).
 */
import { shardOf } from '@ringmaster/actors';
import { SESSION_ID_ALPHABET, SESSION_ID_LENGTH } from '@ringmaster/protocol';
import { SHARDS } from '../cluster/sim-limits.js';
import type { World } from '../cluster/world.js';
import type { SessionPlan } from '../scenario.js';
import type { Chance } from '../world/chance.js';
import { createSession } from './create-session.js';
import { restCall } from './rest-call.js';

/** More often than what is not used leaves memory. */
const LOOK_MS = 600;

/** @param beside the session whose shard it shares. */
export function bystander(world: World, beside: SessionPlan, chance: Chance, whenThere: () => void): void {
  const sessionId = idIn(shardOf(beside.sessionId, SHARDS), chance);
  const look = (): void => {
    // Refused, because it has not ended.
    restCall(world, sessionId, chance, { type: 'purge' }, () => {
      world.time.after(LOOK_MS, look);
      return true;
    });
  };
  createSession(world, { ...beside, sessionId, createAt: 0 }, chance.hex(32), chance, () => {
    look();
    whenThere();
  });
}

function idIn(shard: number, chance: Chance): string {
  for (;;) {
    const id = Array.from({ length: SESSION_ID_LENGTH }, () => chance.pick([...SESSION_ID_ALPHABET])).join('');
    if (shardOf(id, SHARDS) === shard) return id;
  }
}
