/** P7, the peer: sessions as they are usually written, an object with maps of objects and a timer, all in memory. No store: what is not in memory is lost. */
import type { Params, SideResult } from '../harness/types.js';
import { deckOf } from '../scoring/session.js';
import type { Deck } from '../../apps/quiz-node/src/quiz/definition.js';
import { pause } from '../wire/until.js';
import { GcPauses, usedBytes } from './used.js';

class PlainPlayer {
  score = 0;
  streak = 0;
  correct = 0;
  connected = false;
  readonly answers = new Map<string, { readonly value: string; readonly at: number }>();

  constructor(
    readonly id: string,
    readonly nickname: string,
    readonly joinedAt: Date,
  ) {}
}

class PlainSession {
  phase = 'lobby';
  question = -1;
  readonly players = new Map<string, PlainPlayer>();
  readonly results: number[] = [];
  readonly createdAt = new Date();
  readonly settings = { graceMs: 500, leadMs: 400, lateJoin: true, maxPlayers: 10_000 };
  readonly deadline: NodeJS.Timeout;

  constructor(
    readonly id: string,
    readonly deck: Deck,
  ) {
    this.deadline = setTimeout(() => this.cancel(), DAY_MS);
    for (let i = 0; i < 5; i += 1) {
      const player = new PlainPlayer(`${id}-${i}`, `player ${i}`, new Date());
      this.players.set(player.id, player);
    }
  }

  cancel(): void {
    this.phase = 'cancelled';
  }
}

const DAY_MS = 86_400_000;

export async function run({ plain = 0, decks = 0 }: Params): Promise<SideResult> {
  const all = Array.from({ length: decks }, (_, i) => deckOf(5, `Deck ${i}`));
  const before = usedBytes();
  const pauses = new GcPauses();
  const sessions = new Map<string, PlainSession>();
  for (let i = 0; i < plain; i += 1) {
    const session = new PlainSession(`S${i}`, all[i % decks]!);
    sessions.set(session.id, session);
  }
  // The collector's entries are delivered a little later.
  await pause(50);
  const gcMs = pauses.stop();
  const bytes = (usedBytes() - before) / plain;
  for (const { deadline } of sessions.values()) clearTimeout(deadline);
  return { values: { bytes, hotBytes: bytes, gcMs }, verified: `${sessions.size.toLocaleString('en')} sessions, bytes are per session` };
}
