/** One session from its making to its end: the host, the players, and a watcher at each router. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from '../chance.js';
import type { DeckQuestion, History } from '../history.js';
import type { Router } from './client.js';
import { Host } from './host.js';
import { Player } from './player.js';
import type { Rest } from './rest.js';
import { Watcher } from './watcher.js';

export interface PlaySpec {
  readonly history: History;
  readonly chance: Chance;
  readonly rest: Rest;
  readonly routers: () => readonly Router[];
  readonly players: number;
  readonly questions: number;
  /** No later than this it is to be over, once the faults are. */
  readonly until: () => number;
  readonly counted: { acknowledged: number; sessions: number; finished: number };
}

const CREATE_MS_MAX = 60_000;
const LOOK_EVERY_MS = 50;
/** Shortest limit that a question may have. */
const LIMIT_MS = 5_000;

export async function play(spec: PlaySpec): Promise<void> {
  const { chance, rest, history, counted } = spec;
  const leads = chance.odds(0.4);
  const deck = Array.from({ length: spec.questions }, (_, index): DeckQuestion => ({ id: `q${index + 1}`, key: chance.pick(['a', 'b', 'c', 'd']), points: chance.pick([0, 1_000, 1_000, 2_000]), limitMs: LIMIT_MS + chance.whole(0, 3_000) }));
  const quiz = { title: 'Under faults', questions: deck.map((question) => ({ type: 'single', text: `Question ${question.id}?`, options: ['a', 'b', 'c', 'd'].map((id) => ({ id, text: `Option ${id}` })), ...question })) };
  const settings = {
    scoring: chance.pick(['halfDecay@1', 'fullDecay@1', 'flat@1']), streak: chance.odds(0.5), timing: { startMs: 300, readMs: 300 },
    ...(leads ? {} : { autoAdvance: { revealMs: 500, boardMs: 200, podiumMs: 300 } }),
  };
  const session = await rest.newSession(quiz, settings, CREATE_MS_MAX);
  const sid = session.sessionId;
  counted.sessions++;
  history.note({ k: 'session', x: performance.now(), sid, c: 'host', deck });

  const anyRouter = (): Router | undefined => chance.one(spec.routers());
  const fixed = (name: string) => (): Router | undefined => spec.routers().find((router) => router.name === name) ?? anyRouter();
  const host = new Host(rest, sid, leads, chance);
  const watchers = spec.routers().map(({ name }, index) =>
    new Watcher({ history, sid, name: `w-${name}`, role: index === 0 ? 'presenter' : 'spectator', ...(index === 0 ? { token: session.presenterToken } : {}), chance, router: fixed(name) }));
  const players = Array.from({ length: spec.players }, (_, index) => new Player({ history, sid, name: `p${index + 1}`, role: 'player', chance, router: anyRouter }));
  try {
    for (const watcher of watchers) watcher.client.connect();
    for (const player of players) {
      player.client.connect();
      await pause(chance.between(0, 30));
    }
    await pause(chance.between(500, 1_500));
    host.begin();
    const everybody = [...watchers, ...players];
    while (!everybody.every(({ isDone }) => isDone)) {
      if (performance.now() > spec.until()) {
        const missing = everybody.filter(({ isDone }) => !isDone).map(({ client }) => client.spec.name);
        history.note({ k: 'stuck', x: performance.now(), sid, c: 'host', about: missing.join(' ') });
        return;
      }
      await pause(LOOK_EVERY_MS);
    }
    history.note({ k: 'over', x: performance.now(), sid, c: 'host' });
    counted.finished++;
  } finally {
    host.end();
    for (const each of [...watchers, ...players]) each.end();
    for (const { acknowledged } of players) counted.acknowledged += acknowledged;
  }
}
