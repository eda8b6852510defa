/**
 * I5: a failover shortens no question. What was left when the old owner fell silent, by the time that a watcher was last told before, is compared with what was
 * left after the first turn of the new owner. Only where it is known when the old one fell silent: it was killed, or stood still until after it was replaced.
 */
import type { Times } from '../../checker/facts.js';
import type { AcceptedTurn } from '../../checker/turn.js';
import type { SessionEvidence } from './session.js';
import type { Wrong } from './verdict.js';

/** From when to when a program was dead or stood still, on the clock of the histories, ms. */
export interface Down {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** The error of a clock that was read over the network, under load, ms. */
const CLOCK_ERROR_MS = 150;
/** An estimate that is older proves too little. */
const ESTIMATE_MS_MAX = 5_000;

export function checkRemaining(evidence: SessionEvidence, downs: readonly Down[], wrong: Wrong): number {
  const { facts, turns, log, history } = evidence;
  const estimates = estimatesOf(evidence);
  let compared = 0;
  for (const { qid, times, closed } of facts.questions) {
    const [opened] = times;
    if (opened === undefined) continue;
    const end = closed?.landedAt ?? Infinity;
    let epoch = opened.epoch;
    for (const turn of turns) {
      if (turn.offset <= opened.landedAt || turn.offset > end || turn.epoch <= epoch) continue;
      const before = lastBefore(times, turn);
      const after = lastUpTo(times, turn) ?? before;
      const claimed = log.claims.find((claim) => claim.epoch === epoch);
      const owner = claimed?.owner.split('/')[0];
      const replacedAt = log.claims.find((claim) => claim.epoch > epoch)?.landedAt ?? turn.landedAt;
      epoch = turn.epoch;
      // It fell silent while it was the owner, and never woke.
      const silent = downs.filter(({ name, from, to }) => name === owner && from >= (claimed?.landedAt ?? 0) && from <= replacedAt && to >= replacedAt).map(({ from }) => from).sort((a, b) => a - b)[0];
      if (before === undefined || after === undefined || silent === undefined) continue;
      const told = estimates.filter(({ x }) => x <= silent && x >= silent - ESTIMATE_MS_MAX).at(-1);
      if (told === undefined || facts.pauses.some(({ from, to }) => from <= after.closesAt && to >= opened.opensAt)) continue;
      const was = before.closesAt - (told.time + silent - told.x);
      const is = after.closesAt - (after.landedAt === turn.offset ? (after.to ?? turn.at) : turn.at);
      if (was <= 0) continue;
      compared++;
      if (is < was - CLOCK_ERROR_MS) wrong('I5', `${history.sid} ${qid}: ${was.toFixed(0)} ms were left when ${owner} fell silent at ${silent.toFixed(0)}, ${is.toFixed(0)} ms after the first turn of epoch ${turn.epoch} (offset ${turn.offset})`);
    }
  }
  return compared;
}

/** Session times as they were stamped by routers, each with the moment at which the frame was sent. */
function estimatesOf({ history }: SessionEvidence): { readonly x: number; readonly time: number }[] {
  const found: { x: number; time: number }[] = [];
  for (const { talks } of history.people.values()) {
    for (const { sent } of talks) {
      for (const { t, x, replies } of sent.values()) if (t === 'sync' && replies[0]?.frame.t === 'ok') found.push({ x, time: replies[0].frame.d.t1 });
    }
  }
  return found.sort((a, b) => a.x - b.x);
}

const lastBefore = (times: readonly Times[], turn: AcceptedTurn): Times | undefined => times.filter(({ landedAt }) => landedAt < turn.offset).at(-1);
const lastUpTo = (times: readonly Times[], turn: AcceptedTurn): Times | undefined => times.filter(({ landedAt }) => landedAt <= turn.offset).at(-1);
