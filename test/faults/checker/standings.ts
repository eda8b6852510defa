/** I7: after the end everybody shows the same standings, and they are those that a replay of the journal gives, to the bit. */
import { createHash } from 'node:crypto';
import { standingsOf } from '../../simulation/checker/standings.js';
import type { SessionEvidence } from './session.js';
import type { Wrong } from './verdict.js';

export function checkStandings({ history, facts }: SessionEvidence, wrong: Wrong): void {
  const ends = [...history.people.values()].flatMap((person) =>
    person.talks.flatMap(({ heard }) => heard.filter(({ frame: { t, d } }) => t === 'session.finished' || (t === 'snapshot' && d.phase === 'finished')).map(({ frame }) => ({ person, frame }))));
  if (ends.length === 0) return;
  if (!facts.finished) return wrong('I7', `${ends[0]?.person.name} was told of an end that the log does not have`);
  const rows = standingsOf(facts, deckOf(history.deck));
  const hash = createHash('sha256').update(JSON.stringify(rows.map(({ rank, playerId, score, correct, sumE }) => [rank, playerId, score, correct, sumE]))).digest('hex');
  const byPlayer = new Map(rows.map((row) => [row.playerId, row]));
  for (const { person, frame: { t, d } } of ends) {
    const items = (t === 'snapshot' ? (d.top ?? []) : d.podium) as readonly { readonly playerId: string; readonly rank: number; readonly score: number }[];
    if (t === 'session.finished' && d.standingsHash !== hash) wrong('I7', `${person.name} was told standings ${d.standingsHash}, the log gives ${hash} ${JSON.stringify(rows)}`);
    for (const { playerId, rank, score } of items) {
      const row = byPlayer.get(playerId);
      if (row?.rank !== rank || row.score !== score) wrong('I7', `${person.name} is shown ${playerId} as ${rank} with ${score}, the log gives ${JSON.stringify(row)}`);
    }
    const own = person.playerId === null ? undefined : byPlayer.get(person.playerId);
    if (t === 'snapshot' && own !== undefined && (d.me?.score !== own.score || d.me.rank !== own.rank)) wrong('I7', `${person.name} is shown ${JSON.stringify(d.me)} of itself, the log gives ${JSON.stringify(own)}`);
  }
}

type Deck = Parameters<typeof standingsOf>[1];

/** Of the deck only what the formulas need. */
function deckOf(questions: SessionEvidence['history']['deck']): Deck {
  return {
    sha256: '', title: '',
    questions: questions.map(({ id: qid, points, limitMs }) => ({ qid, points, limitMs, type: 'single' as const, text: '', partial: 'allOrNothing' as const })),
    keys: questions.map(({ id: qid, key }) => ({ qid, key })),
  };
}
