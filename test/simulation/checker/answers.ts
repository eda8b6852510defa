/**
 * What became of each answer. I1: what was acknowledged is in the log, with choice and arrival. I2: one a player and question, and the same verdict each
 * time. I4: what was acknowledged before another was sent comes before it. I5: who reached a router in time is not refused as late, and nobody counts after
 * the close.
 */
import type { AnswerValue } from '../../../apps/quiz-node/src/quiz/definition.js';
import type { AnswerHistory, Heard, PersonHistory, Sent } from '../clients/history.js';
import type { Violation } from '../cluster/observed.js';
import type { World } from '../cluster/world.js';
import { protocolLimits } from '../cluster/sim-limits.js';
import type { CountedAnswer, QuestionFacts, SessionFacts } from '../../checker/facts.js';

/** The error of a clock that was estimated from round trips, ms. */
const CLOCK_ERROR_MS = 60;

type Wrong = (invariant: string, about: string) => void;

export function checkAnswers(facts: SessionFacts, people: readonly PersonHistory[], world: World): Violation[] {
  const found: Violation[] = [];
  const wrong: Wrong = (invariant, about) => void found.push({ invariant, about: `${facts.sessionId}: ${about}` });
  for (const question of facts.questions) checkCounted(facts, question, wrong);
  for (const person of people) {
    for (const answer of person.answers) {
      checkAcknowledged(facts, person, answer, wrong);
      for (const sent of answer.sends) for (const heard of sent.replies) checkLate(facts, answer, sent, heard, world, wrong);
    }
  }
  checkOrder(people, wrong);
  return found;
}

function checkCounted({ created, removed }: SessionFacts, { qid, answers, times, closed, openedPlace, eligible }: QuestionFacts, wrong: Wrong): void {
  const players = new Set<string>();
  const grace = created['settings'].graceMs as number;
  const { closesAt = 0 } = times.at(-1) ?? {};
  const opensAt = Math.min(...times.map((each) => each.opensAt));
  for (const { playerId, answerId, recvAt, place } of answers) {
    if (players.has(playerId)) wrong('I2', `${answerId} is a second answer of ${playerId} to ${qid}`);
    players.add(playerId);
    if (place > (removed.get(playerId)?.place ?? Infinity)) wrong('I5', `${answerId} of one who was sent away before counts`);
    if (!eligible.has(playerId)) wrong('I5', `${answerId} of one who is not eligible counts`);
    if (place < openedPlace || (closed !== null && place > closed.place)) wrong('I5', `${answerId} counts outside of the time of ${qid}`);
    if (recvAt < opensAt || recvAt > closesAt + grace) wrong('I5', `${answerId} arrived at ${recvAt} and counts, ${qid} went from ${opensAt} to ${closesAt} + ${grace}`);
  }
}

function checkAcknowledged({ questions, shard }: SessionFacts, { playerId }: PersonHistory, { qid, answerId, value, sends }: AnswerHistory, wrong: Wrong): void {
  const counted = questions.find((question) => question.qid === qid)?.answers.find((answer) => answer.playerId === playerId);
  let refused: Heard | undefined;
  for (const heard of sends.flatMap(({ replies }) => replies).sort((a, b) => a.at - b.at)) {
    const { t, d } = heard.frame;
    if (t === 'ok') {
      if (!same(counted, { answerId, value, shard, d })) wrong('I1', `${answerId} = ${JSON.stringify(value)} was acknowledged as ${JSON.stringify(d)}, the log has ${JSON.stringify(counted)}`);
      if (refused !== undefined) wrong('I2', `${answerId} was refused with ${refused.frame.d.code} and acknowledged later`);
    } else if (d.code === 302) {
      if (counted === undefined || d.answered?.answerId !== counted.answerId || counted.answerId === answerId) wrong('I2', `${answerId}: 302 names ${JSON.stringify(d.answered)}, the log has ${JSON.stringify(counted)}`);
      refused = heard;
    } else if (d.code === 301) refused = heard;
  }
}

function same(counted: CountedAnswer | undefined, { answerId, value, shard, d }: { answerId: string; value: AnswerValue; shard: number; d: Heard['frame']['d'] }): boolean {
  if (counted === undefined || counted.answerId !== answerId || !isSame(counted.value, value) || counted.recvAt !== d.receivedAt) return false;
  if (d.value !== undefined && !isSame(d.value, counted.value)) return false;
  return d.receipt.shard === shard && d.receipt.epoch === counted.epoch && d.receipt.n === counted.n;
}

const isSame = (a: AnswerValue, b: AnswerValue): boolean => JSON.stringify(a) === JSON.stringify(b);

/** I5. By the clock of the owner that closed the question, which never shows less than those before it. */
function checkLate(facts: SessionFacts, { qid, answerId, person }: AnswerHistory, sent: Sent, { frame, at }: Heard, world: World, wrong: Wrong): void {
  if (frame.t !== 'err' || sent.arrivedAt === null || !isUntimely(frame.d)) return;
  const question = facts.questions.find((each) => each.qid === qid);
  const closed = question?.closed;
  const times = question?.times.at(-1);
  // T4: until the close is a fact, its time may still move.
  if (frame.d.code === 301 && closed && at < closed.landedAt) wrong('I5', `${answerId} of ${person} was refused as late at ${at.toFixed(1)}, before ${qid} was closed at ${closed.landedAt.toFixed(1)}`);
  if (!question || !closed || !times || closed.reason !== 'deadline') return;
  const grace = facts.created['settings'].graceMs as number;
  const arrived = world.sessionTime(facts.shard, closed.epoch, sent.arrivedAt);
  if (arrived === undefined || arrived > times.closesAt + grace - CLOCK_ERROR_MS) return;
  if (closed.at >= times.closesAt + grace + protocolLimits.closeWaitMs) return void world.sometimes.note('closeWaitMs excused');
  if (facts.pauses.some(({ from, to }) => arrived >= from - CLOCK_ERROR_MS && arrived <= to + CLOCK_ERROR_MS)) return;
  wrong('I5', `${answerId} of ${person} reached its router at ${arrived.toFixed(1)} (world ${sent.arrivedAt.toFixed(1)}) and was refused with ${frame.d.code}; ${qid} closed at ${closed.at}, its time was ${times.closesAt} + ${grace}`);
}

const isUntimely = (d: Heard['frame']['d']): boolean => d.code === 301 || d.code === 304 || (d.code === 300 && d.retry !== true);

/** I4, by the receipts. */
function checkOrder(people: readonly PersonHistory[], wrong: Wrong): void {
  const acks: { at: number; place: number; answerId: string }[] = [];
  const sends: { at: number; place: number; answerId: string }[] = [];
  for (const { answers } of people) {
    for (const { answerId, sends: tries, outcome } of answers) {
      if (outcome?.frame.t !== 'ok') continue;
      const { receipt } = outcome.frame.d;
      const place = receipt.n as number;
      acks.push({ at: outcome.at, place, answerId });
      sends.push({ at: tries[0]?.at ?? 0, place, answerId });
    }
  }
  for (const sent of sends) for (const ack of acks) if (ack.at < sent.at && ack.place >= sent.place) wrong('I4', `${ack.answerId} was acknowledged before ${sent.answerId} was sent, and stands behind it`);
}
