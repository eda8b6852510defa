/** `npm run demo`: a whole quiz with bots, over real sockets, ending with a check of every acknowledged answer. */
import { noticed, perform, type Performed } from './acts.js';
import { audit, type Verdict } from './audit.js';
import { readOptions, usage, UsageError, type DemoOptions } from './cli.js';
import { createGame, gather, playOut, type Game } from './play.js';
import { readQuestionSet, storeQuiz } from './question-set.js';
import { RestClient } from './rest-client.js';
import { boardLines, ms, picture, Screen } from './screen.js';
import { openSite } from './site.js';

function summary(game: Game, verdict: Verdict, performed: readonly Performed[], options: DemoOptions) {
  return {
    players: options.players,
    ...verdict,
    ackP50Ms: game.latencies.percentile(0.5),
    ackP99Ms: game.latencies.percentile(0.99),
    connectionsShed: game.shed,
    socketsClosed: Object.fromEntries(game.closes),
    refusals: Object.fromEntries(game.refusals),
    performed,
  };
}

async function run(options: DemoOptions, screen: Screen): Promise<boolean> {
  const set = readQuestionSet(options.quiz);
  const site = await openSite(options, (name, text) => screen.say(`[${name}] ${text}`));
  process.once('SIGINT', () => void site.close().then(() => process.exit(130)));
  try {
    const rest = new RestClient(site.urls[0] as string, site.key);
    const quiz = await storeQuiz(rest, set, { questions: options.questions, limitMs: options.limitMs });
    screen.say(`"${quiz.title}": ${quiz.questions.length} questions, ${options.players} bots, ${site.urls.join(' and ')}`);
    const said = new Set(['question.opened', 'session.finished', 'session.stalled', 'question.extended']);
    const game = await createGame(rest, quiz, {
      ...options,
      urls: site.urls,
      happened: (t) => {
        if (!process.stdout.isTTY && said.has(t)) screen.say(`${t} ${game.stage.state.n}/${game.stage.state.of}  acknowledged ${game.acknowledged.length}`);
      },
    });
    let performed: readonly Performed[] = [];
    const draw = setInterval(() => {
      const connected = game.bots.filter((bot) => bot.joined).length;
      screen.draw(picture({ ...game, sessionId: game.session.sessionId, players: options.players, connected, note: '', stage: game.stage.state }, performance.now()));
    }, 100);
    try {
      await gather(game, 60_000 + options.players * 20);
      await rest.command(game.session.sessionId, 'demo-start', 'start');
      const perQuestionMs = options.limitMs + 10_000;
      const say = (line: string): void => screen.say(line);
      [performed] = await Promise.all([perform(options.acts, game, site, rest, say), playOut(game, quiz.questions.length * perQuestionMs + 60_000)]);
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
    if (performed.length > 0) screen.say('\nDone to it');
    for (const each of performed) screen.say(`  ${noticed(each)}`);
    screen.say(`\nacknowledgements  p50 ${ms(game.latencies.percentile(0.5))}  p99 ${ms(game.latencies.percentile(0.99))}`);
    if (game.shed > 0) screen.say(`connections shed while all joined at once, and made again: ${game.shed}`);
    screen.say(`sockets closed during the quiz: ${[...game.closes.values()].reduce((sum, count) => sum + count, 0)}   refusals: ${JSON.stringify(Object.fromEntries(game.refusals))}`);
    screen.say(`acknowledged ${verdict.acknowledged} · in the report ${verdict.reported} · lost ${verdict.lost} · changed ${verdict.changed} · double ${verdict.double}`);
    screen.say(`standings hash ${verdict.hashHolds ? 'holds' : 'DOES NOT HOLD'}; ${sameEnd ? 'every bot saw the same end' : 'BOTS SAW DIFFERENT ENDS'}`);
    if (options.json) screen.say(JSON.stringify(summary(game, verdict, performed, options)));
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
