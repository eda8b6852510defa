/** Router, quiz-node and journal. An acknowledgement says that the answer is on disk. */
import { startProduct, type Product } from '../servers/product.js';
import { Crowd } from '../wire/crowd.js';
import { clientFrame } from '../wire/frames.js';
import { isType, joinQuiz, QuizHost, read } from '../wire/quiz-client.js';
import { Countdown } from '../wire/until.js';
import { answerId, VALUES, type Acknowledged, type AnswerSite } from './site.js';

const WITHIN_MS = 60_000;

interface Session {
  readonly sessionId: string;
  readonly hostToken: string;
}
interface Report {
  readonly answers: readonly { readonly playerId: string; readonly qid: string; readonly answerId: string; readonly value: string; readonly receivedAt: number }[];
}

export interface OurSite extends AnswerSite {
  readonly product: Product;
  readonly host: QuizHost;
  readonly sessionId: string;
  /** Resolves when every player has been sent a message of type `t` after this call. */
  everybodyHears(t: string): Promise<void>;
}

/** A quiz of that many questions, opened by a host without waiting times. */
export const quizOf = (questions: number): object => ({
  title: 'Benchmark',
  questions: Array.from({ length: questions }, (_, i) => ({ type: 'single', text: `question ${i + 1}`, options: VALUES.map((id) => ({ id, text: `option ${id}` })), key: 'a', limitMs: 240_000 })),
});

export async function openOurSite(players: number, questions: number, nodeArgs: readonly string[] = []): Promise<OurSite> {
  const product = await startProduct({ nodeArgs });
  const settings = { timing: { startMs: 0, readMs: 0 }, leadMs: 0, reveal: 'host', maxPlayers: 100_000 };
  const { sessionId, hostToken } = await product.post<Session>('/v1/sessions', { quiz: quizOf(questions), settings });
  const host = await QuizHost.connect(product.port, sessionId, hostToken);
  // One who never answers keeps the question open until everything is measured.
  const idle = await joinQuiz(product.port, sessionId, 'idle', () => undefined);
  const crowd = await Crowd.gather(players, (index, received) => joinQuiz(product.port, sessionId, `player ${index}`, received));

  const everybodyHears = (t: string): Promise<void> => {
    const left = new Countdown(players, t, WITHIN_MS);
    crowd.onMessage = (_index, payload) => {
      if (isType(payload, t)) left.hit();
    };
    return left.done;
  };
  return {
    product,
    host,
    sessionId,
    crowd,
    pids: product.pids,
    everybodyHears,
    open: async (question) => {
      const opened = everybodyHears('question.opened');
      await host.order(question === 0 ? 'start' : 'next');
      await opened;
    },
    frame: (index, question, value) => clientFrame(JSON.stringify({ t: 'answer.submit', id: question + 2, d: { answerId: answerId(index, question), qid: `q${question + 1}`, value } })),
    isAcknowledgement: (payload) => {
      if (isType(payload, 'err')) throw new Error(payload.toString());
      return isType(payload, 'ok');
    },
    close: async () => {
      const closed = everybodyHears('question.closed');
      await host.order('close');
      await closed;
      const revealed = everybodyHears('leaderboard');
      await host.order('reveal');
      await revealed;
    },
    verify: async (acknowledged) => verify(acknowledged, await product.get<Report>(`/v1/sessions/${sessionId}/report?format=json`)),
    stop: async () => {
      host.close();
      idle.wire.destroy();
      crowd.close();
      await product.stop();
    },
  };
}

function verify(acknowledged: readonly Acknowledged[], { answers }: Report): string {
  const kept = new Map(answers.map((answer) => [`${answer.playerId} ${answer.qid}`, answer]));
  const receipts = new Set<string>();
  for (const { playerId, question, value, reply } of acknowledged) {
    const { answerId: id, receivedAt, receipt } = read(reply).d as { answerId: string; receivedAt: number; receipt: { shard: number; epoch: number; n: number } };
    const answer = kept.get(`${playerId} q${question + 1}`);
    if (answer === undefined || answer.answerId !== id || answer.value !== value || answer.receivedAt !== receivedAt) throw new Error(`${id} is not in the report as it was acknowledged`);
    receipts.add(`${receipt.epoch}.${receipt.n}`);
  }
  if (receipts.size !== acknowledged.length || kept.size !== acknowledged.length) throw new Error(`${acknowledged.length} answers, ${receipts.size} receipts, ${kept.size} in the report`);
  return `${acknowledged.length} acknowledged answers against the session's report, and their receipts`;
}
