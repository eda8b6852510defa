/** Somebody calls the REST interface of the cluster, as far as the simulation is concerned: asks a node, follows its hint, and asks again until there is an answer. */
import type { Command } from '../../../apps/quiz-node/src/quiz/commands.js';
import type { Reply } from '../../../apps/quiz-node/src/quiz/replies.js';
import { NotOwnerError } from '../../../apps/quiz-node/src/session/session-error.js';
import type { World } from '../cluster/world.js';
import type { Chance } from '../world/chance.js';
import type { SimProcess } from '../world/sim-process.js';

const AGAIN_MS = 150;
const SILENT_MS = 2_500;

/** A call without its time of arrival, which the node that takes it adds. */
export type Call = Command extends infer Each ? (Each extends { readonly recvAt: number } ? Omit<Each, 'recvAt'> : Each extends { readonly type: 'purge' } ? Each : never) : never;

/**
 * @param answered whether this reply ends it; else it is asked again.
 * @returns whether it is still under way: a node that lives has not answered, and may yet do it, also when another has.
 */
export function restCall(world: World, sessionId: string, chance: Chance, call: Call, answered: (reply: Reply) => boolean): () => boolean {
  const unanswered = new Set<{ readonly process: SimProcess }>();
  const anyNode = (): string => chance.pick(world.config.nodes);
  let over = false;
  const again = (name: string): void => {
    if (!over) world.time.after(AGAIN_MS, () => ask(name));
  };
  const ask = (name: string): void => {
    if (over) return;
    const node = world.nodes.get(name) ?? world.nodes.get(anyNode());
    if (node === undefined || !node.process.alive) return again(anyNode());
    // No answer, as from a node that dies: somebody else is asked.
    const silence = world.time.after(SILENT_MS, () => ask(anyNode()));
    const asked = { process: node.process };
    unanswered.add(asked);
    node.process.input(chance.between(1, 10), () => {
      const { desk } = node.edge;
      desk.ask(sessionId, { ...call, recvAt: desk.now(sessionId) } as Command, 'host').then(
        (reply) => {
          silence.act = null;
          unanswered.delete(asked);
          if (over) return;
          over = answered(reply);
          again(anyNode());
        },
        (error: unknown) => {
          silence.act = null;
          unanswered.delete(asked);
          again(error instanceof NotOwnerError && error.hint !== '' ? error.hint : anyNode());
        },
      );
    });
  };
  ask(anyNode());
  return () => [...unanswered].some(({ process }) => process.alive);
}
