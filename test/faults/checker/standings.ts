/** I7: after the end everybody shows the same standings, and they are those that a replay of the journal gives, to the bit. */
import { hashOf, standingsOf, type Row } from '../../checker/scores.js';
import type { SessionEvidence } from './session.js';
import type { Wrong } from './verdict.js';

interface Item {
  readonly playerId: string;
  readonly rank: number;
  readonly score: number;
}

type Rows = ReadonlyMap<string, Row>;

export function checkStandings({ history, facts }: SessionEvidence, wrong: Wrong): void {
  const deck = deckOf(history.deck);
  const revisions = facts.revisions.map((revision): Rows => new Map(standingsOf(facts, revision, deck).map((row) => [row.playerId, row])));
  const nobody: Rows = new Map();
  const final = revisions[facts.revisionsAtEnd - 1] ?? nobody;
  const hash = hashOf([...final.values()]);
  for (const { name, playerId, talks } of history.people.values()) {
    const own = (rows: Rows): string => JSON.stringify(playerId === null ? undefined : rows.get(playerId));
    const isOwn = (rows: Rows, d: { readonly score?: number; readonly rank?: number } | undefined): boolean => playerId === null || (d !== undefined && isShown({ playerId, rank: d.rank ?? -1, score: d.score ?? -1 }, rows));
    for (const { t, d, s } of talks.flatMap(({ heard }) => heard.map(({ frame }) => frame))) {
      const isEnd = t === 'session.finished' || (t === 'snapshot' && d.phase === 'finished');
      if (isEnd && !facts.finished) wrong('I7', `${name} was told of an end that the log does not have`);
      const rows = revisions[d?.revision - 1] ?? nobody;
      if (t === 'leaderboard' && s !== undefined && !(d.top as Item[]).every((item) => isShown(item, rows))) wrong('I7', `${name} is shown ${JSON.stringify(d)}, the log gives ${JSON.stringify([...rows.values()])}`);
      if (t === 'me.result' && !isOwn(rows, d)) wrong('I7', `${name} is told ${JSON.stringify(d)}, the log gives ${own(rows)}`);
      if (!isEnd || !facts.finished) continue;
      if (t === 'session.finished' && d.standingsHash !== hash) wrong('I7', `${name} was told standings ${d.standingsHash}, the log gives ${hash} ${JSON.stringify([...final.values()])}`);
      const shown = (t === 'snapshot' ? (d.top ?? []) : d.podium) as Item[];
      if (!shown.every((item) => isShown(item, final))) wrong('I7', `${name} is shown ${JSON.stringify(shown)} at the end, the log gives ${JSON.stringify([...final.values()])}`);
      if (t === 'snapshot' && !isOwn(final, d.me)) wrong('I7', `${name} is shown ${JSON.stringify(d.me)} of itself at the end, the log gives ${own(final)}`);
    }
  }
}

function isShown({ playerId, rank, score }: Item, rows: Rows): boolean {
  const row = rows.get(playerId);
  return row !== undefined && row.rank === rank && row.score === score;
}

type Deck = Parameters<typeof standingsOf>[2];

/** Of the deck only what the formulas need. */
function deckOf(questions: SessionEvidence['history']['deck']): Deck {
  return {
    sha256: '', title: '',
    questions: questions.map(({ id: qid, points, limitMs }) => ({ qid, points, limitMs, type: 'single' as const, text: '', partial: 'allOrNothing' as const })),
    keys: questions.map(({ id: qid, key }) => ({ qid, key })),
  };
}
