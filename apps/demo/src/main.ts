/** `npm run demo`: a whole quiz with bots, over real sockets, ending with a check of every acknowledged answer. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProduct, type Product } from '../../launcher/src/product.js';
import { audit, type Verdict } from './audit.js';
import { readOptions, usage, UsageError, type DemoOptions } from './cli.js';
import { createGame, gather, playOut, until, type Game } from './play.js';
import { readQuestionSet, storeQuiz } from './question-set.js';
import { RestClient } from './rest-client.js';
import { boardLines, ms, picture, Screen } from './screen.js';

interface Site {
  readonly url: string;
  readonly key: string;
  readonly product?: Product;
  close(): Promise<void>;
}

async function openSite(options: DemoOptions, screen: Screen): Promise<Site> {
  if (options.url !== undefined) return { url: options.url, key: options.key as string, close: async () => undefined };
  const dataDir = mkdtempSync(join(tmpdir(), 'ringmaster-demo-'));
  const key = randomBytes(24).toString('base64url');
  const product = await new Promise<Product>((resolve, reject) => {
    const stop = startProduct(
      {
        host: '127.0.0.1',
        port: 0,
        nodePort: 0,
        dataDir,
        hostApiKey: key,
        logLevel: 'error',
        line: (name, text) => screen.say(`[${name}] ${text}`),
        gaveUp: (reason) => void stop().then(() => reject(new Error(reason))),
      },
      resolve,
    );
  });
  const close = async () => {
    await product.stop();
    rmSync(dataDir, { recursive: true });
  };
  return { url: `http://127.0.0.1:${product.port}`, key, product, close };
}

/** Kills the node in the middle of the second question, once a third of its answers are in. */
async function killNode(game: Game, product: Product, screen: Screen): Promise<void> {
  const { state } = game.stage;
  let answersBefore = -1;
  await until(
    () => {
      if (state.phase !== 'open' || state.n < Math.min(2, state.of)) return false;
      if (answersBefore < 0) answersBefore = game.acknowledged.length;
      return game.acknowledged.length - answersBefore >= game.bots.length / 3;
    },
    performance.now() + 600_000,
    'a question to be open',
  );
  const pid = product.node.pid;
  if (pid === undefined) throw new Error('the quiz-node has no process');
  const acknowledged = game.acknowledged.length;
  const at = performance.now();
  process.kill(pid, 'SIGKILL');
  screen.say(`kill -9 of quiz-node ${pid}, question ${state.n} open, ${acknowledged} answers acknowledged so far`);
  await until(() => game.acknowledged.length > acknowledged && state.extendedMs > 0, at + 60_000, 'the first answer after the kill');
  screen.say(`first answer acknowledged ${Math.round(performance.now() - at)} ms after the kill; the question was extended by ${Math.round(state.extendedMs)} ms`);
}

function summary(game: Game, verdict: Verdict, options: DemoOptions) {
  return {
    players: options.players,
    ...verdict,
    ackP50Ms: game.latencies.percentile(0.5),
    ackP99Ms: game.latencies.percentile(0.99),
    connectionsShed: game.shed,
    socketsClosed: Object.fromEntries(game.closes),
    refusals: Object.fromEntries(game.refusals),
  };
}

async function run(options: DemoOptions, screen: Screen): Promise<boolean> {
  const set = readQuestionSet(options.quiz);
  const site = await openSite(options, screen);
  process.once('SIGINT', () => void site.close().then(() => process.exit(130)));
  try {
    const rest = new RestClient(site.url, site.key);
    const quiz = await storeQuiz(rest, set, { questions: options.questions, limitMs: options.limitMs });
    screen.say(`"${quiz.title}": ${quiz.questions.length} questions, ${options.players} bots, ${site.url}`);
    let note = '';
    const said = new Set(['question.opened', 'session.finished', 'session.stalled', 'question.extended']);
    const game = await createGame(rest, quiz, {
      ...options,
      happened: (t) => {
        if (!process.stdout.isTTY && said.has(t)) screen.say(`${t} ${game.stage.state.n}/${game.stage.state.of}  acknowledged ${game.acknowledged.length}`);
      },
    });
    const draw = setInterval(() => {
      const connected = game.bots.filter((bot) => bot.joined).length;
      screen.draw(picture({ ...game, sessionId: game.session.sessionId, players: options.players, connected, note, stage: game.stage.state }, performance.now()));
    }, 100);
    try {
      await gather(game, 60_000 + options.players * 20);
      await rest.command(game.session.sessionId, 'demo-start', 'start');
      const kill = options.kill && site.product ? killNode(game, site.product, screen) : Promise.resolve();
      const perQuestionMs = options.limitMs + 10_000;
      await Promise.all([kill, playOut(game, quiz.questions.length * perQuestionMs + 60_000)]);
      note = '';
    } finally {
      clearInterval(draw);
    }
    const report = await rest.report(game.session.sessionId);
    const verdict = audit(game.acknowledged, report);
    const hashes = new Set(game.bots.map((bot) => bot.standingsHash ?? report.standingsHash));
    const sameEnd = hashes.size === 1 && hashes.has(report.standingsHash);
    game.stage.stop();
    for (const bot of game.bots) bot.stop();
    screen.say('\nPodium');
    for (const line of boardLines(game.stage.state.podium, 10)) screen.say(line);
    screen.say(`\nacknowledgements  p50 ${ms(game.latencies.percentile(0.5))}  p99 ${ms(game.latencies.percentile(0.99))}`);
    if (game.shed > 0) screen.say(`connections shed while all joined at once, and made again: ${game.shed}`);
    screen.say(`sockets closed during the quiz: ${[...game.closes.values()].reduce((sum, count) => sum + count, 0)}   refusals: ${JSON.stringify(Object.fromEntries(game.refusals))}`);
    screen.say(`acknowledged ${verdict.acknowledged} · in the report ${verdict.reported} · lost ${verdict.lost} · changed ${verdict.changed} · double ${verdict.double}`);
    screen.say(`standings hash ${verdict.hashHolds ? 'holds' : 'DOES NOT HOLD'}; ${sameEnd ? 'every bot saw the same end' : 'BOTS SAW DIFFERENT ENDS'}`);
    if (options.json) screen.say(JSON.stringify(summary(game, verdict, options)));
    return verdict.ok && sameEnd;
  } finally {
    await site.close();
  }
}

try {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options.help) console.log(usage);
  else process.exit((await run(options, new Screen(process.stdout))) ? 0 : 1);
} catch (error) {
  console.error(error instanceof UsageError ? `${error.message}\n\n${usage}` : `demo: ${(error as Error).message}`);
  process.exit(error instanceof UsageError ? 2 : 1);
}
