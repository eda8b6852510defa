/**
 * What became of each answer. I1: what was acknowledged is in the log, with its choice and arrival. ZOMBIE: an acknowledgement whose receipt names no record
 * that counts. I2: one a player and question, and one verdict. I5: nobody counts outside of the time of the question. I4: what was acknowledged before another
 * was sent stands before it.
 */
import type { CountedAnswer, QuestionFacts } from '../../checker/facts.js';
import type { Heard, Person, Sent } from './people.js';
import type { SessionEvidence } from './session.js';
import type { Counts, Wrong } from './verdict.js';

/** An answer that was acknowledged, by the first of its acknowledgements. */
export interface Acknowledged {
  readonly shard: number;
  readonly answerId: string;
  readonly sentAt: number;
  readonly ackedAt: number;
  readonly n: number;
}

interface Tried {
  readonly answerId: string;
  readonly qid: string;
  readonly value: string;
  readonly sends: Sent[];
}

export function checkAnswers(evidence: SessionEvidence, counts: Counts, wrong: Wrong): Acknowledged[] {
  const { history, facts } = evidence;
  const counted = new Map<string, CountedAnswer>();
  for (const question of facts.questions) {
    checkCounted(evidence, question, counts, wrong);
    for (const answer of question.answers) if (!counted.has(placeOf(answer.playerId, answer.qid))) counted.set(placeOf(answer.playerId, answer.qid), answer);
  }
  const records = new Set(facts.questions.flatMap(({ answers }) => answers.map(({ epoch, n, answerId }) => `${epoch} ${n} ${answerId}`)));
  const known = new Set(facts.players);
  const found: Acknowledged[] = [];
  for (const person of history.people.values()) {
    if (person.playerId === null) continue;
    if (!known.has(person.playerId)) wrong('ZOMBIE', `${person.name} was welcomed as ${person.playerId}, of whom the log does not know`);
    const acknowledged = new Set<string>();
    for (const tried of triesOf(person)) {
      const about = checkVerdicts(evidence, { playerId: person.playerId, name: person.name }, tried, counted.get(placeOf(person.playerId, tried.qid)), records, counts, wrong);
      if (about === undefined) continue;
      found.push(about);
      if (acknowledged.has(tried.qid)) {
        counts.double++;
        wrong('I2', `${person.name} holds two acknowledgements for ${tried.qid}`);
      }
      acknowledged.add(tried.qid);
      counts.acknowledged++;
    }
  }
  return found;
}

const placeOf = (playerId: string, qid: string): string => `${playerId} ${qid}`;

function triesOf({ talks }: Person): Tried[] {
  const tries = new Map<string, Tried>();
  for (const { sent } of talks) {
    for (const each of sent.values()) {
      if (each.t !== 'answer.submit') continue;
      const { answerId, qid, value } = each.d as { answerId: string; qid: string; value: string };
      const known = tries.get(answerId);
      if (known === undefined) tries.set(answerId, { answerId, qid, value, sends: [each] });
      else known.sends.push(each);
    }
  }
  return [...tries.values()];
}

function checkCounted({ facts: { created } }: SessionEvidence, { qid, answers, times, closed, openedPlace, eligible }: QuestionFacts, counts: Counts, wrong: Wrong): void {
  const grace = created['settings'].graceMs as number;
  const { closesAt = 0 } = times.at(-1) ?? {};
  const opensAt = times.reduce((least, each) => Math.min(least, each.opensAt), Infinity);
  const players = new Set<string>();
  for (const { playerId, answerId, recvAt, place } of answers) {
    if (players.has(playerId)) {
      counts.double++;
      wrong('I2', `${answerId} is a second answer of ${playerId} to ${qid} in the log`);
    }
    players.add(playerId);
    if (!eligible.has(playerId)) wrong('I5', `${answerId} of one who is not eligible counts`);
    if (place < openedPlace || (closed !== null && place > closed.place)) wrong('I5', `${answerId} counts outside of the time of ${qid}`);
    if (recvAt < opensAt || recvAt > closesAt + grace) wrong('I5', `${answerId} arrived at ${recvAt} and counts, ${qid} went from ${opensAt} to ${closesAt} + ${grace}`);
  }
}

function checkVerdicts({ shard }: SessionEvidence, { playerId, name }: { readonly playerId: string; readonly name: string }, tried: Tried, counted: CountedAnswer | undefined, records: ReadonlySet<string>, counts: Counts, wrong: Wrong): Acknowledged | undefined {
  const { answerId, qid, value, sends } = tried;
  const ours = counted?.answerId === answerId ? counted : undefined;
  let first: Heard | undefined;
  let refusedWith: number | undefined;
  for (const heard of sends.flatMap(({ replies }) => replies).sort((a, b) => a.x - b.x)) {
    const { t, d } = heard.frame;
    if (t === 'ok') {
      if (refusedWith !== undefined) wrong('I2', `${answerId} was refused with ${refusedWith} and acknowledged later`);
      if (first === undefined) first = heard;
      else {
        counts.repeated++;
        const same = JSON.stringify([first.frame.d.receipt, first.frame.d.receivedAt]) === JSON.stringify([d.receipt, d.receivedAt]);
        if (!same) wrong('I2', `${answerId} was acknowledged as ${JSON.stringify(first.frame.d)} and as ${JSON.stringify(d)}`);
      }
      checkReceipt({ shard, playerId, tried: { answerId, qid, value }, d }, ours, records, counts, wrong);
    } else if (t === 'err' && d.code === 302) {
      refusedWith = 302;
      if (counted === undefined || counted.answerId === answerId || d.answered?.answerId !== counted.answerId || d.answered?.value !== counted.value) {
        wrong('I2', `${answerId} of ${name}: 302 names ${JSON.stringify(d.answered)}, the log has ${JSON.stringify(counted)}`);
      }
    } else if (t === 'err' && d.code === 301) {
      refusedWith = 301;
      if (ours !== undefined) wrong('I2', `${answerId} of ${name} was refused as late, and counts`);
    }
  }
  if (first === undefined) return undefined;
  return { shard, answerId, sentAt: Math.min(...sends.map(({ x }) => x)), ackedAt: first.x, n: first.frame.d.receipt?.n ?? -1 };
}

interface Receipt {
  readonly shard: number;
  readonly playerId: string;
  readonly tried: { readonly answerId: string; readonly qid: string; readonly value: string };
  readonly d: Heard['frame']['d'];
}

function checkReceipt({ shard, playerId, tried, d }: Receipt, ours: CountedAnswer | undefined, records: ReadonlySet<string>, counts: Counts, wrong: Wrong): void {
  const { answerId, qid, value } = tried;
  const { receipt, receivedAt } = d;
  if (receipt?.shard !== shard || !records.has(`${receipt.epoch} ${receipt.n} ${answerId}`)) {
    counts.zombie++;
    wrong('ZOMBIE', `${answerId} of ${playerId} was acknowledged with ${JSON.stringify(receipt)}, where the log of shard ${shard} has nothing of it`);
  }
  if (ours === undefined) {
    counts.lost++;
    wrong('I1', `${answerId} = ${value} to ${qid} of ${playerId} was acknowledged as ${JSON.stringify(d)} and is lost`);
  } else if (ours.value !== (d.value ?? value) || ours.recvAt !== receivedAt) {
    counts.changed++;
    wrong('I1', `${answerId} of ${playerId} was acknowledged as ${JSON.stringify({ value: d.value ?? value, receivedAt })}, and the log has ${JSON.stringify({ value: ours.value, receivedAt: ours.recvAt })}`);
  }
}

/** I4, by the receipts of all sessions of a shard: one pass over what was sent and acknowledged, in the order of time. */
export function checkOrder(all: readonly Acknowledged[], wrong: Wrong): void {
  const byShard = new Map<number, Acknowledged[]>();
  for (const each of all) {
    const list = byShard.get(each.shard);
    if (list === undefined) byShard.set(each.shard, [each]);
    else list.push(each);
  }
  for (const [shard, acknowledged] of byShard) {
    const acks = [...acknowledged].sort((a, b) => a.ackedAt - b.ackedAt);
    let next = 0;
    let last: Acknowledged | undefined;
    for (const sent of [...acknowledged].sort((a, b) => a.sentAt - b.sentAt)) {
      for (; next < acks.length && (acks[next]?.ackedAt ?? Infinity) < sent.sentAt; next++) if ((acks[next]?.n ?? 0) > (last?.n ?? -1)) last = acks[next];
      if (last !== undefined && last.n >= sent.n) wrong('I4', `shard ${shard}: ${last.answerId} was acknowledged before ${sent.answerId} was sent, and stands behind it`);
    }
  }
}
