/** What the demo does to the system while a question is open, and what the players noticed. */
import type { Act } from './cli.js';
import { until, type Game } from './play.js';
import type { RestClient } from './rest-client.js';
import type { Site } from './site.js';

export interface Performed {
  readonly what: string;
  /** Number of the question that was open. */
  readonly question: number;
  /** From the act to the first acknowledgement of an answer that was sent after it, ms. */
  readonly nextAnswerMs: number;
  /** From the return of a stopped service to that acknowledgement, ms; not there when it came before. */
  readonly afterReturnMs?: number;
  /** What the question was extended by, ms. */
  readonly extendedMs: number;
  readonly socketsClosed: number;
}

const PATIENCE_MS = 60_000;
const QUESTION_MS_MAX = 600_000;
const OWNER = /\bowner\b/;

const closedSockets = (game: Game): number => [...game.closes.values()].reduce((sum, count) => sum + count, 0);

/** Performs the acts, each in a question of its own: the first in the second one, if there is one more than there are acts. */
export async function perform(acts: readonly Act[], game: Game, site: Site, rest: RestClient, say: (line: string) => void): Promise<readonly Performed[]> {
  const performed: Performed[] = [];
  for (const [index, act] of acts.entries()) {
    const first = game.stage.state.of > acts.length ? 2 : 1;
    await thirdAnswered(game, Math.max(first + index, (performed.at(-1)?.question ?? 0) + 1));
    performed.push(await performOne(act, game, site, rest, say));
    say(noticed(performed.at(-1) as Performed));
  }
  return performed;
}

export function noticed({ what, question, nextAnswerMs, afterReturnMs, extendedMs, socketsClosed }: Performed): string {
  const returned = afterReturnMs === undefined ? '' : `, ${Math.round(afterReturnMs)} ms after it answered again`;
  const extended = extendedMs > 0 ? `; the question was extended by ${Math.round(extendedMs)} ms` : '';
  return `question ${question}: ${what}: next answer acknowledged after ${Math.round(nextAnswerMs)} ms${returned}${extended}; sockets closed: ${socketsClosed}`;
}

/** Waits for the middle of question `n` or a later one: a third of its answers are in. */
async function thirdAnswered(game: Game, n: number): Promise<void> {
  const { state } = game.stage;
  let before = -1;
  let question = 0;
  await until(
    () => {
      if (state.phase === 'finished') throw new Error('the quiz ended before everything was done to it: ask for more --questions');
      if (state.phase !== 'open' || state.n < n) return false;
      if (state.n !== question) [question, before] = [state.n, game.acknowledged.length];
      return game.acknowledged.length - before >= game.bots.length / 3;
    },
    performance.now() + QUESTION_MS_MAX,
    'a question to be open',
  );
}

async function performOne(act: Act, game: Game, site: Site, rest: RestClient, say: (line: string) => void): Promise<Performed> {
  const { state } = game.stage;
  const node = act.verb === 'stop' || (act.verb === 'do' && !OWNER.test(act.order)) ? '' : await rest.owner(game.session.sessionId);
  const before = { question: state.n, extendedMs: state.extendedMs, closed: closedSockets(game) };
  const at = performance.now();
  let nextAt: number | undefined;
  const watch = (sentAt: number, acknowledgedAt: number): void => void (nextAt ??= sentAt >= at ? acknowledgedAt : undefined);
  game.watchers.add(watch);
  try {
    const { what, returnedAt } = await carryOut(act, node, site, say);
    await until(() => nextAt !== undefined, performance.now() + PATIENCE_MS, `an acknowledged answer after this: ${what}`);
    // A new owner tells of the outage before it acknowledges anything; it may come to the stage's own socket a little later.
    if (act.verb === 'kill') await until(() => state.extendedMs > before.extendedMs || state.n !== before.question, performance.now() + PATIENCE_MS, 'question.extended');
    const next = nextAt as unknown as number;
    return {
      what, question: before.question, nextAnswerMs: next - at,
      ...(returnedAt !== undefined && next > returnedAt ? { afterReturnMs: next - returnedAt } : {}),
      extendedMs: state.n === before.question ? state.extendedMs - before.extendedMs : 0,
      socketsClosed: closedSockets(game) - before.closed,
    };
  } finally {
    game.watchers.delete(watch);
  }
}

async function carryOut(act: Act, node: string, site: Site, say: (line: string) => void): Promise<{ readonly what: string; readonly returnedAt?: number }> {
  const order = site.order ?? (() => Promise.reject(new Error('there is no cluster')));
  switch (act.verb) {
    case 'kill':
      if (!site.kill) throw new Error('the quiz-node was not started here');
      say(`kill -9 of ${node}, which owns the session`);
      return { what: await site.kill(node) };
    case 'drain':
      say(`SIGTERM to ${node}, which owns the session`);
      return { what: await order(`drain ${node}`) };
    case 'do': {
      const wanted = act.order.replace(OWNER, node);
      say(`order to the cluster: ${wanted}`);
      return { what: await order(wanted) };
    }
    case 'stop': {
      const { seconds } = act;
      say(`${act.service} is stopped for ${seconds} s`);
      const what = await order(`stop ${act.service}`);
      await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
      await order(`start ${act.service}`);
      return { what: `${what.replace(' any more', '')} for ${seconds} s`, returnedAt: performance.now() };
    }
  }
}
