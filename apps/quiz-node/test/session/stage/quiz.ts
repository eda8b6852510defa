/** A small quiz, and the command that starts a session of it. */
import { createHash } from 'node:crypto';
import type { Command } from '../../../src/quiz/commands.js';
import type { Deck, SessionSettings } from '../../../src/quiz/definition.js';

export const HOST_TOKEN = 'host-token-of-this-session';
export const PRESENTER_TOKEN = 'presenter-token-of-this-session';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const deck: Deck = {
  sha256: 'd'.repeat(64),
  title: 'Two',
  questions: [
    { qid: 'q1', type: 'single', text: '2 + 2?', options: [{ id: 'a', text: '3' }, { id: 'b', text: '4' }], points: 1000, limitMs: 5_000, partial: 'allOrNothing' },
    { qid: 'q2', type: 'numeric', text: '7 · 6?', points: 1000, limitMs: 20_000, partial: 'allOrNothing' },
  ],
  keys: [{ qid: 'q1', key: 'b', explanation: 'four it is' }, { qid: 'q2', key: { value: 42, tolerance: 0 } }],
};

export interface CreateOptions {
  readonly deck?: Deck;
}

const settings: SessionSettings = {
  scoring: 'halfDecay@1', streak: false, graceMs: 500, leadMs: 400, liveScores: 'reveal', reveal: 'auto', timing: { startMs: 0, readMs: 0 },
  lateJoin: true, locked: false, maxPlayers: 10_000, nicknames: 'free', shuffleOptions: false,
};

export function createCommand(options: CreateOptions, changed: Partial<SessionSettings>, recvAt: number): Command {
  const played = options.deck ?? deck;
  return {
    type: 'create',
    deck: played,
    settings: { ...settings, ...changed },
    e: 'e1',
    sessionSecret: 'ab'.repeat(32),
    hostTokenSha256: sha256(HOST_TOKEN),
    presenterTokenSha256: sha256(PRESENTER_TOKEN),
    salts: played.questions.map((_, i) => sha256(`salt ${i}`)),
    seed: 1,
    owner: 'local',
    recvAt,
  };
}
