/**
 * I7: after the end everybody shows the same standings, and they are those of the log. Scores are worked out here anew from the formulas of the scoring
 * document, in whole numbers, for the kinds of question that the simulation plays.
 */
import type { Deck } from '../../../apps/quiz-node/src/quiz/definition.js';
import type { PersonHistory } from '../clients/history.js';
import type { Violation } from '../cluster/observed.js';
import type { SessionFacts } from '../../checker/facts.js';
import { hashOf, standingsOf, type Row } from '../../checker/scores.js';

/** Every revision that somebody was told of is that of the log; after the end, so are the final ones. */
export function checkStandings(facts: SessionFacts, deck: Deck, people: readonly PersonHistory[]): Violation[] {
  const found: Violation[] = [];
  const wrong = (about: string): void => void found.push({ invariant: 'I7', about: `${facts.sessionId}: ${about}` });
  const revisions = facts.revisions.map((revision) => standingsOf(facts, revision, deck));
  const atReveal = facts.created['settings'].liveScores === 'reveal';
  for (const { name, playerId, finished, tabs } of people) {
    for (const { frame } of tabs.flatMap(({ heard }) => heard)) {
      const { t, d, s } = frame;
      const rows = revisions[d?.revision - 1];
      if (t === 'leaderboard' && s !== undefined) checkTop(name, d, rows, wrong);
      if (t === 'me.result' && atReveal) {
        const own = rows?.find((row) => row.playerId === playerId);
        if (own === undefined || own.score !== d.score || own.rank !== d.rank || rows?.length !== d.of) wrong(`${name} is told ${JSON.stringify(d)}, the log says ${JSON.stringify(own)}`);
      }
      if (t === 'session.finished' && (d.revision !== facts.revisionsAtEnd || d.standingsHash !== hashOf(rows ?? []))) wrong(`${name} was told standings ${d.standingsHash}, the log says ${JSON.stringify(rows)} ${JSON.stringify(d.podium)}`);
    }
    if (finished?.frame.t !== 'snapshot') continue;
    // It may have been taken after a correction of the end.
    const last = revisions.slice(facts.revisionsAtEnd - 1);
    const { me, top = [] } = finished.frame.d;
    const isOf = (rows: readonly Row[]): boolean => {
      const own = rows.find((row) => row.playerId === playerId);
      return (own === undefined || (me?.score === own.score && me.rank === own.rank)) && (top as readonly Item[]).every((item) => isShown(item, rows));
    };
    if (!last.some(isOf)) wrong(`${name} is shown ${JSON.stringify(me)} ${JSON.stringify(top)}, the log says ${JSON.stringify(last)}`);
  }
  return found;
}

interface Item {
  readonly playerId: string;
  readonly rank: number;
  readonly score: number;
}

const isShown = ({ playerId, rank, score }: Item, rows: readonly Row[]): boolean => rows.some((row) => row.playerId === playerId && row.rank === rank && row.score === score);

function checkTop(name: string, d: { readonly revision: number; readonly of: number; readonly top: readonly Item[] }, rows: readonly Row[] | undefined, wrong: (about: string) => void): void {
  if (rows === undefined || rows.length !== d.of || !d.top.every((item) => isShown(item, rows))) wrong(`${name} is shown ${JSON.stringify(d)}, the log says ${JSON.stringify(rows)}`);
}
