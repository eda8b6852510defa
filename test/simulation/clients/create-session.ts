/** Somebody creates a session over REST. */
import type { SessionPlan } from '../scenario.js';
import type { World } from '../cluster/world.js';
import type { Chance } from '../world/chance.js';
import { restCall } from './rest-call.js';

/** @param whenCreated is told how to ask whether another try is still under way. */
export function createSession(world: World, plan: SessionPlan, hostTokenSha256: string, chance: Chance, whenCreated: (underWay: () => boolean) => void): void {
  const { sessionId, deck, settings } = plan;
  const facts = {
    type: 'create' as const,
    deck,
    settings,
    e: chance.hex(6),
    sessionSecret: chance.hex(32),
    hostTokenSha256,
    presenterTokenSha256: chance.hex(32),
    salts: deck.questions.map(() => chance.hex(32)),
    seed: chance.whole(0, 2 ** 31),
    owner: 'simulation',
  };
  world.time.after(plan.createAt, () => {
    const underWay = restCall(world, sessionId, chance, facts, (reply) => {
      // 400: it is there, an earlier call has made it.
      const created = reply.ok || reply.code === 400;
      if (created) whenCreated(underWay);
      return created;
    });
  });
}
