/** Our side of both fan-outs, through router, quiz-node and journal. */
import { openOurSite, type OurSite } from '../answers/our-site.js';
import { VALUES } from '../answers/site.js';
import { startProduct } from '../servers/product.js';
import { Crowd } from '../wire/crowd.js';
import { isType, joinQuiz, QuizHost, read, type QuizMessage } from '../wire/quiz-client.js';
import { Countdown } from '../wire/until.js';
import { BYTES_MIN, REASON, SameForAll, type FanOutSite } from './site.js';

const WITHIN_MS = 30_000;
const A_LONG_TIME_MS = 3_600_000;

/** A pause of the host is one shared message with a text of any length. */
export async function openBroadcast(players: number): Promise<FanOutSite> {
  const product = await startProduct();
  const quiz = { title: 'Benchmark', questions: [{ type: 'numeric', text: '6 x 7 = ?', key: 42 }] };
  const { sessionId, hostToken } = await product.post<{ sessionId: string; hostToken: string }>('/v1/sessions', { quiz, settings: { timing: { startMs: A_LONG_TIME_MS } } });
  const host = await QuizHost.connect(product.port, sessionId, hostToken);
  const crowd = await Crowd.gather(players, (index, received) => joinQuiz(product.port, sessionId, `player ${index}`, received));
  const heard = (t: string): Promise<void> => {
    const left = new Countdown(players, t, WITHIN_MS);
    crowd.onMessage = (_index, payload) => {
      if (isType(payload, t)) left.hit();
    };
    return left.done;
  };
  const started = heard('session.started');
  await Promise.all([host.order('start'), started]);
  const same = new SameForAll(BYTES_MIN);
  return {
    crowd,
    pids: product.pids,
    prepare: async (round) => {
      if (round === 0) return;
      const resumed = heard('session.resumed');
      await Promise.all([host.order('resume'), resumed]);
    },
    go: () => host.order('pause', { reason: REASON }),
    isLast: (payload) => isType(payload, 'session.paused'),
    // A hint of the lobby may come in between.
    check: (_index, payload, round) => {
      if (isType(payload, 'session.paused')) same.check(payload, round);
    },
    verify: async () => `${same.messages} messages, byte for byte the same for all clients of a round`,
    stop: async () => {
      host.close();
      crowd.close();
      await product.stop();
    },
  };
}

/** A reveal: the solution to all, to each the own result with rank, then the leaderboard to all. Everybody has answered before. */
export async function openPrivate(players: number, rounds: number): Promise<FanOutSite> {
  const site = await openOurSite(players, rounds);
  const { crowd, host } = site;
  const results = new Array<QuizMessage | undefined>(players);
  let bytes: Buffer[] = [];
  return {
    crowd,
    pids: site.pids,
    prepare: async (round) => {
      await site.open(round);
      await answerAll(site, round);
      const closed = site.everybodyHears('question.closed');
      await host.order('close');
      await closed;
      bytes = new Array<Buffer>(players);
    },
    go: () => host.order('reveal'),
    isLast: (payload) => isType(payload, 'leaderboard'),
    check: (index, payload) => {
      if (isType(payload, 'me.result')) bytes[index] = Buffer.from(payload);
      // The shared leaderboard follows the own result.
      if (!isType(payload, 'leaderboard')) return;
      const result = read(bytes[index] ?? Buffer.from('null'));
      if (result?.t !== 'me.result' || (result.p ?? 0) !== (results[index]?.p ?? 0) + 1) throw new Error(`client ${index} has no result of its own`);
      results[index] = result;
    },
    verify: async () => {
      const { players: rows } = await site.product.get<{ players: readonly { playerId: string; score: number; rank: number }[] }>(`/v1/sessions/${site.sessionId}/report?format=json`);
      const byId = new Map(rows.map((row) => [row.playerId, row]));
      results.forEach((result, index) => {
        const row = byId.get(crowd.playerId(index));
        if (row?.score !== result?.d['score'] || row?.rank !== result?.d['rank']) throw new Error(`client ${index} was told another score or rank than the report has`);
      });
      return `each client's results in order, the last one's score and rank against the report`;
    },
    stop: site.stop,
  };
}

async function answerAll({ crowd, frame, isAcknowledgement }: OurSite, question: number): Promise<void> {
  const left = new Countdown(crowd.size, 'acknowledgements', WITHIN_MS);
  crowd.onMessage = (_index, payload) => {
    if (isAcknowledgement(payload)) left.hit();
  };
  for (let index = 0; index < crowd.size; index += 1) crowd.write(index, frame(index, question, VALUES[(index + question) % VALUES.length]!));
  await left.done;
}
