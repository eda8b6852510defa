/** Somebody creates a session over REST, as far as the simulation is concerned: asks a node, follows its hint, and asks again until the session is there. */
import type { SessionPlan } from '../scenario.js';
import { NotOwnerError } from '../../../apps/quiz-node/src/session/session-error.js';
import type { World } from '../cluster/world.js';
import type { Chance } from '../world/chance.js';

const AGAIN_MS = 150;

export function createSession(world: World, plan: SessionPlan, hostTokenSha256: string, chance: Chance, whenCreated: () => void): void {
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
  let created = false;
  const again = (name: string): void => {
    if (!created) world.time.after(AGAIN_MS, () => ask(name));
  };
  const ask = (name: string): void => {
    if (created) return;
    const node = world.nodes.get(name) ?? world.nodes.get(chance.pick(world.config.nodes));
    if (node === undefined || !node.process.alive) return again(chance.pick(world.config.nodes));
    // No answer, as from a node that dies: somebody else is asked.
    const silence = world.time.after(2_500, () => ask(chance.pick(world.config.nodes)));
    node.process.input(chance.between(1, 10), () => {
      node.edge.desk.ask(sessionId, { ...facts, recvAt: node.edge.desk.now(sessionId) }, 'host').then(
        (reply) => {
          silence.act = null;
          if (created) return;
          created = reply.ok || reply.code === 400;
          if (created) whenCreated();
          else again(chance.pick(world.config.nodes));
        },
        (error: unknown) => {
          silence.act = null;
          again(error instanceof NotOwnerError && error.hint !== '' ? error.hint : chance.pick(world.config.nodes));
        },
      );
    });
  };
  world.time.after(plan.createAt, () => ask(chance.pick(world.config.nodes)));
}
