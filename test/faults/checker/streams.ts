/**
 * What each connection was sent, in order. I8: positions never fall, nothing is missing or twice, one number means the same bytes for everybody. I6: no salt and
 * no key before a reveal that counts. REPLY: one reply a command, in the order of the commands. K5: the last connection of a player is not superseded.
 */
import type { SessionEvidence } from './session.js';
import type { Person, Talk } from './people.js';
import type { Wrong } from './verdict.js';

const SUPERSEDED = 4510;

export function checkStreams({ history, facts }: SessionEvidence, wrong: Wrong): void {
  const bytesOf = new Map<string, string>();
  const salts = facts.created['salts'] as readonly string[];
  const revealed = new Set(facts.questions.filter((question) => question.revealed).map(({ qid }) => qid));
  for (const person of history.people.values()) {
    let known = { e: '', s: 0, p: 0 };
    for (const talk of person.talks) {
      const at: Wrong = (invariant, about) => wrong(invariant, `${person.name} (connection ${talk.conn} at ${talk.router} from ${talk.openedAt.toFixed(1)}): ${about}`);
      known = checkPositions(talk, known, at);
      checkReplies(talk, at);
      checkSameBytes(person, talk, bytesOf, at);
      checkSecrecy(talk, salts, revealed, at);
    }
    const last = person.talks.at(-1);
    if (last?.closed?.code === SUPERSEDED) wrong('K5', `the last connection of ${person.name} (${last.conn}) was superseded`);
  }
}

type Position = { readonly e: string; readonly s: number; readonly p: number };

/** @param known what this client had heard before on older connections; they may overlap with this one */
function checkPositions({ heard, sent }: Talk, known: Position, wrong: Wrong): Position {
  let at: { e: string; s: number; p: number } | null = null;
  const resumed = (sent.get(1)?.d['resume'] as Position | undefined) ?? null;
  for (const { frame } of heard) {
    const { t, s, p, e } = frame;
    if (t === 'welcome') {
      at = { e: frame.d.e, s: frame.d.s, p: frame.d.p };
      // What it had heard when it said hello: a resumed connection begins there or further.
      if (resumed !== null && resumed.e === at.e && (at.s < resumed.s || at.p < resumed.p)) wrong('I8', `the welcome is at (${at.s}, ${at.p}), and (${resumed.s}, ${resumed.p}) was heard before`);
      if (frame.d.resume === 'delta' && resumed !== null && (at.s !== resumed.s || at.p !== resumed.p)) wrong('I8', `a delta from (${at.s}, ${at.p}) to one who was at (${resumed.s}, ${resumed.p})`);
    } else if (t === 'snapshot') {
      if (at === null) wrong('I8', 'a snapshot before the welcome');
      else if ((s ?? 0) < at.s || (p ?? 0) < at.p) wrong('I8', `a snapshot at (${s}, ${p}) after (${at.s}, ${at.p})`);
      at = { e: e ?? '', s: s ?? 0, p: p ?? 0 };
    } else if (s !== undefined || p !== undefined) {
      if (at === null) {
        wrong('I8', `${t} before the welcome`);
        return known;
      }
      if (e !== at.e) wrong('I8', `${t} of history ${e} in ${at.e}`);
      if (s !== undefined && s !== at.s + 1) wrong('I8', `${t}: s ${s} after ${at.s}`);
      if (p !== undefined && p !== at.p + 1) wrong('I8', `${t}: p ${p} after ${at.p}`);
      at = { e: at.e, s: s ?? at.s, p: p ?? at.p };
    }
  }
  if (at === null) return known;
  if (known.e !== '' && known.e !== at.e) wrong('I8', `the history is ${at.e}, and was ${known.e}`);
  return at;
}

function checkReplies({ heard, sent }: Talk, wrong: Wrong): void {
  let last = 0;
  for (const { frame } of heard) {
    if (frame.re === undefined) continue;
    if (!sent.has(frame.re)) wrong('REPLY', `a reply to ${frame.re}, which was never sent`);
    if (frame.re === last) wrong('REPLY', `a second reply to ${frame.re}`);
    else if (frame.re < last) wrong('REPLY', `a reply to ${frame.re} after one to ${last}`);
    last = Math.max(last, frame.re);
  }
}

function checkSameBytes({ playerId }: Person, { heard }: Talk, bytesOf: Map<string, string>, wrong: Wrong): void {
  for (const { frame, text } of heard) {
    if (frame.t === 'snapshot' || (frame.s === undefined && frame.p === undefined)) continue;
    const key = frame.s === undefined ? `${playerId} p ${frame.p}` : `s ${frame.s}`;
    const known = bytesOf.get(key);
    if (known === undefined) bytesOf.set(key, text);
    else if (known !== text) wrong('I8', `${key} is ${text}, and elsewhere ${known}`);
  }
}

/** The salt opens the commitment, and so names the key. */
function checkSecrecy({ heard }: Talk, salts: readonly string[], revealed: ReadonlySet<string>, wrong: Wrong): void {
  for (const { frame, text } of heard) {
    const { t, d } = frame;
    if (t === 'question.revealed') {
      if (!revealed.has(d.qid)) wrong('I6', `the reveal of ${d.qid}, which the log does not have`);
      continue;
    }
    if (t === 'snapshot') {
      if (d.revealed !== undefined && !revealed.has(d.revealed.qid)) wrong('I6', `a snapshot with the reveal of ${d.revealed.qid}, which the log does not have`);
      continue;
    }
    const found = salts.findIndex((salt) => text.includes(salt));
    if (found >= 0) wrong('I6', `${t} has the salt of question ${found + 1}`);
  }
}
