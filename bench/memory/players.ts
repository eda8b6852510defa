/** A player of a hot session of 10,000, with the answers to ten questions. */
import type { Params, SideResult } from '../harness/types.js';
import { answersTo } from '../scoring/answers.js';
import { deckOf, DomainSession } from '../scoring/session.js';
import { usedBytes } from './used.js';

export async function run(params: Params, side: string): Promise<SideResult> {
  return side === 'ringmaster' ? ours(params) : plain(params);
}

function ours({ players = 0, questions = 0 }: Params): SideResult {
  const deck = deckOf(questions);
  const before = usedBytes();
  const session = new DomainSession(deck);
  session.join(players);
  for (let question = 0; question < questions; question += 1) {
    session.order(question === 0 ? 'start' : 'next');
    const opensAt = session.now;
    for (const { player, value, elapsedMs, frame } of answersTo(question, players)) {
      session.now = opensAt + elapsedMs;
      const { d } = JSON.parse(frame.toString()) as { d: { answerId: string; qid: string } };
      session.tell({ type: 'answer', playerId: session.state.players.ids[player]!, answerId: d.answerId, qid: d.qid, value, recvAt: session.now, creditMs: 0 });
    }
    session.order('close');
    session.order('reveal');
  }
  const bytes = (usedBytes() - before) / players;
  if (session.state.players.count !== players || session.state.revisions.length !== questions) throw new Error('the session is not what it should be');
  return { values: { bytes }, verified: `${players} players, ${questions} revealed questions` };
}

function plain({ players = 0, questions = 0 }: Params): SideResult {
  const before = usedBytes();
  const all = new Map<string, { id: string; joinId: string; nickname: string; score: number; rank: number; correct: number; sumE: number; streak: number; answers: Map<string, object> }>();
  for (let i = 0; i < players; i += 1) {
    const id = `player-${String(i).padStart(9, '0')}`;
    all.set(id, { id, joinId: `join-${i}`, nickname: `player ${i}`, score: 0, rank: 0, correct: 0, sumE: 0, streak: 0, answers: new Map() });
  }
  for (let question = 0; question < questions; question += 1) {
    for (const { player, value, elapsedMs, frame } of answersTo(question, players)) {
      const { d } = JSON.parse(frame.toString()) as { d: { answerId: string; qid: string } };
      all.get(`player-${String(player).padStart(9, '0')}`)!.answers.set(d.qid, { answerId: d.answerId, value, elapsedMs, points: 500 });
    }
  }
  const bytes = (usedBytes() - before) / players;
  return { values: { bytes }, verified: `${all.size} players, ${questions} answers each` };
}
