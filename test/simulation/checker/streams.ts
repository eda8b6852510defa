/**
 * What each connection was sent, in order. I8: positions never fall, and within a connection nothing is missing or twice. I6: no salt before its reveal.
 * REPLY: every command gets exactly one reply, in the order of the commands. Shared messages of one number are the same bytes for everybody.
 */
import type { PersonHistory, TabHistory } from '../clients/history.js';
import type { Violation } from '../cluster/observed.js';
import type { SessionFacts } from '../../checker/facts.js';

type Wrong = (invariant: string, about: string) => void;

export function checkStreams(facts: SessionFacts, people: readonly PersonHistory[], routerDied: (router: string, since: number) => boolean): Violation[] {
  const found: Violation[] = [];
  const bytesOf = new Map<string, string>();
  for (const person of people) {
    for (const tab of person.tabs) {
      const wrong: Wrong = (invariant, about) => void found.push({ invariant, about: `${person.name} (${tab.role} at ${tab.router} from ${tab.openedAt.toFixed(1)}): ${about}` });
      checkPositions(person, tab, wrong);
      checkReplies(tab, routerDied(tab.router, tab.openedAt), wrong);
      checkSameBytes(person, tab, bytesOf, wrong);
      if (tab.role !== 'host') checkSecrecy(facts, tab, wrong);
    }
  }
  return found;
}

function checkPositions(person: PersonHistory, tab: TabHistory, wrong: Wrong): void {
  const helloAt = tab.sent[0]?.at ?? tab.openedAt;
  let known = 0;
  for (const other of person.tabs) if (other !== tab) for (const { at, frame } of other.heard) if (at < helloAt && frame.re === undefined) known = Math.max(known, frame.s ?? 0);
  let at: { s: number; p: number } | null = null;
  let e = '';
  for (const { frame } of tab.heard) {
    if (frame.t === 'welcome') {
      const { s, p, resume } = frame.d;
      if (s < known && resume !== 'delta') wrong('I8', `welcome (${resume}) at s ${s}, but ${known} was heard before`);
      at = { s, p };
      e = frame.d.e;
    } else if (frame.t === 'snapshot') {
      if (at === null) wrong('I8', 'a snapshot before the welcome');
      else if ((frame.s ?? 0) < at.s || (frame.p ?? 0) < at.p) wrong('I8', `a snapshot at (${frame.s}, ${frame.p}) after (${at.s}, ${at.p})`);
      at = { s: frame.s ?? 0, p: frame.p ?? 0 };
    } else if (frame.s !== undefined || frame.p !== undefined) {
      if (at === null) return wrong('I8', `${frame.t} before the welcome`);
      if (frame.e !== e) wrong('I8', `${frame.t} of history ${frame.e} in ${e}`);
      if (frame.s !== undefined && frame.s !== at.s + 1) wrong('I8', `${frame.t} s ${frame.s} after ${at.s}`);
      if (frame.p !== undefined && frame.p !== at.p + 1) wrong('I8', `${frame.t} p ${frame.p} after ${at.p}`);
      if (frame.s !== undefined) at.s = frame.s;
      if (frame.p !== undefined) at.p = frame.p;
    }
  }
}

function checkReplies(tab: TabHistory, routerDied: boolean, wrong: Wrong): void {
  let last = 0;
  for (const { frame } of tab.heard) {
    if (frame.re === undefined) continue;
    if (frame.re <= last) wrong('REPLY', `a reply to ${frame.re} after one to ${last}`);
    last = Math.max(last, frame.re);
  }
  const alive = tab.closedAt === null && !tab.left && !routerDied;
  for (const { id, t, replies, arrivedAt } of tab.sent) {
    if (replies.length > 1) wrong('REPLY', `${replies.length} replies to ${t} ${id}`);
    if (alive && arrivedAt !== null && replies.length === 0) wrong('LIVE', `no reply to ${t} ${id}`);
  }
}

function checkSameBytes({ playerId }: PersonHistory, tab: TabHistory, bytesOf: Map<string, string>, wrong: Wrong): void {
  for (const { frame, text } of tab.heard) {
    if (frame.t === 'snapshot' || (frame.s === undefined && frame.p === undefined)) continue;
    const key = frame.s !== undefined ? `s${frame.s}` : `${playerId} p${frame.p}`;
    const known = bytesOf.get(key);
    if (known === undefined) bytesOf.set(key, text);
    else if (known !== text) wrong('I8', `${key} is ${text}, but elsewhere ${known}`);
  }
}

/** I6: the salt opens the commitment, and the commitment names the key. */
function checkSecrecy({ created, questions }: SessionFacts, tab: TabHistory, wrong: Wrong): void {
  const salts = created['salts'] as readonly string[];
  questions.forEach((question, index) => {
    const salt = salts[index] ?? '';
    for (const { frame, text } of tab.heard) {
      if (!text.includes(salt)) continue;
      if (frame.t !== 'question.revealed' && frame.t !== 'snapshot') wrong('I6', `${frame.t} has the salt of ${question.qid}`);
      if (!question.revealed) wrong('I6', `${frame.t} has the salt of ${question.qid}, which was never revealed`);
      break;
    }
  });
}
