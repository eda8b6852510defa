/** Plays one session from lobby to podium with bots. */
import type { AcknowledgedAnswer } from './audit.js';
import { Bot } from './bot.js';
import { Chance } from './chance.js';
import { choose } from './knowledge.js';
import { Latencies } from './latency.js';
import type { CreatedSession, RestClient, StoredQuiz } from './rest-client.js';
import { Stage } from './stage.js';

export interface Game {
  readonly session: CreatedSession;
  readonly bots: readonly Bot[];
  readonly stage: Stage;
  readonly latencies: Latencies;
  readonly acknowledged: AcknowledgedAnswer[];
  readonly closes: Map<number, number>;
  /** How often a connection was shed before it opened. */
  shed: number;
  readonly refusals: Map<string, number>;
  /** Told of every acknowledgement: when the answer was first sent, and when it came; ms of performance.now. */
  readonly watchers: Set<(sentAt: number, acknowledgedAt: number) => void>;
}

export interface GameOptions {
  readonly players: number;
  readonly seed: number;
  readonly limitMs: number;
  /** Of the routers; the bots are dealt out to them. */
  readonly urls: readonly string[];
  happened(t: string): void;
}

/** The quiz goes on by itself after `start`; short waits, because nobody reads. */
const settings = { timing: { startMs: 500, readMs: 300 }, autoAdvance: { revealMs: 700, boardMs: 300, podiumMs: 500 } };
const connectBatch = 200;

export async function createGame(rest: RestClient, quiz: StoredQuiz, options: GameOptions): Promise<Game> {
  const session = await rest.createSession({ quizId: quiz.quizId, settings: { ...settings, maxPlayers: 10_000 } });
  const questions = new Map(quiz.questions.map((question) => [question.id, question]));
  const latencies = new Latencies();
  const acknowledged: AcknowledgedAnswer[] = [];
  const closes = new Map<number, number>();
  const refusals = new Map<string, number>();
  const watchers: Game['watchers'] = new Set();
  const { pathname } = new URL(session.wsUrl);
  const wsUrls = options.urls.map((url) => `${url.replace(/^http/, 'ws')}${pathname}`);
  const bots = Array.from({ length: options.players }, (_, index) => {
    const chance = new Chance(options.seed * 100_003 + index);
    const skill = 0.3 + 0.65 * chance.fraction();
    const plan = {
      wsUrl: wsUrls[index % wsUrls.length] as string,
      name: `bot ${index + 1}`,
      chance,
      choose: (qid: string) => {
        const question = questions.get(qid);
        return question && choose(question, skill, chance);
      },
      // Most answer in the first half, none after four fifths.
      thinkMs: (leftMs: number) => leftMs * 0.8 * chance.fraction() * (0.4 + 0.6 * chance.fraction()),
    };
    return new Bot(plan, {
      acknowledged: (answer, latencyMs) => {
        acknowledged.push(answer);
        const now = performance.now();
        latencies.add(latencyMs, now);
        for (const watch of watchers) watch(now - latencyMs, now);
      },
      notAdmitted: () => {
        game.shed += 1;
      },
      closed: (code) => closes.set(code, (closes.get(code) ?? 0) + 1),
      refused: (code, name) => refusals.set(`${code} ${name}`, (refusals.get(`${code} ${name}`) ?? 0) + 1),
    });
  });
  const stage = new Stage(wsUrls[0] as string, session.presenterToken, options.happened);
  const game: Game = { session, bots, stage, latencies, acknowledged, closes, shed: 0, refusals, watchers };
  return game;
}

/** Connects the bots a batch at a time. @throws when they are not all in after `withinMs`. */
export async function gather(game: Game, withinMs: number): Promise<void> {
  game.stage.connect();
  const deadline = performance.now() + withinMs;
  for (let first = 0; first < game.bots.length; first += connectBatch) {
    const batch = game.bots.slice(first, first + connectBatch);
    for (const bot of batch) bot.connect();
    await until(() => batch.every((bot) => bot.joined), deadline, 'the bots to join');
  }
}

/** Resolves when every bot has seen the end. */
export async function playOut(game: Game, withinMs: number): Promise<void> {
  await until(() => game.bots.every((bot) => bot.finished), performance.now() + withinMs, 'the quiz to end');
}

export async function until(holds: () => boolean, deadlineMs: number, what: string): Promise<void> {
  while (!holds()) {
    if (performance.now() > deadlineMs) throw new Error(`waited too long for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
