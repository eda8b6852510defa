/** How a session is to be run, checked against the deck that it plays. Everything is optional. */
import type { Deck, ScoringPolicy, SessionSettings } from '../definition.js';
import { GRACE_MS, LEAD_MS, POLICIES } from '../scoring.js';
import { at, deepFreeze, fail, readFlag, readObject, readOneOf, readWhole } from './check.js';
import type { FieldError } from './check.js';
import { READ_MS_LIMIT } from './question.js';

export const START_MS_DEFAULT = 3_000;
export const PLAYERS_MAX_DEFAULT = 10_000;
/** More than a session was ever measured with is no promise, but it is not forbidden. */
export const PLAYERS_MAX = 100_000;
export const LEAD_MS_MAX = 10_000;
export const GRACE_MS_MAX = 10_000;
/** Nobody waits longer for a start or the next question without a host who says so. */
export const WAIT_MS_MAX = 3_600_000;
/** What autoAdvance waits where it is asked for without times. */
export const AUTO_ADVANCE_MS = { revealMs: 5_000, boardMs: 5_000, podiumMs: 10_000 } as const;

export type SettingsResult =
  | { readonly ok: true; readonly settings: SessionSettings }
  /** `quizInvalid`: the settings are well-formed, but this quiz cannot be played with them (403 QUIZ_INVALID). */
  | { readonly ok: false; readonly quizInvalid: boolean; readonly errors: readonly FieldError[] };

const FIELDS = [
  'scoring', 'streak', 'graceMs', 'leadMs', 'liveScores', 'reveal', 'timing', 'autoAdvance', 'lateJoin', 'locked', 'maxPlayers', 'nicknames', 'shuffleOptions',
] as const;
const SCORING = Object.keys(POLICIES) as ScoringPolicy[];

function readTiming(errors: FieldError[], value: unknown): SessionSettings['timing'] {
  const fields = value === undefined ? {} : readObject(errors, '/timing', value, ['startMs', 'readMs']);
  const startMs = readWhole(errors, '/timing/startMs', fields['startMs'], 0, WAIT_MS_MAX, START_MS_DEFAULT);
  if (fields['readMs'] === undefined) return { startMs };
  return { startMs, readMs: readWhole(errors, '/timing/readMs', fields['readMs'], 0, READ_MS_LIMIT, 0) };
}

function readAutoAdvance(errors: FieldError[], value: unknown): NonNullable<SessionSettings['autoAdvance']> {
  const fields = readObject(errors, '/autoAdvance', value, ['revealMs', 'boardMs', 'podiumMs']);
  const wait = (name: keyof typeof AUTO_ADVANCE_MS) => readWhole(errors, at('/autoAdvance', name), fields[name], 0, WAIT_MS_MAX, AUTO_ADVANCE_MS[name]);
  return { revealMs: wait('revealMs'), boardMs: wait('boardMs'), podiumMs: wait('podiumMs') };
}

/** The bonuses of accuracyFirst are sized so that they never outweigh a right answer: that needs answers of equal worth and no other bonus. */
function checkAccuracyFirst(errors: FieldError[], settings: SessionSettings, deck: Deck): void {
  if (settings.scoring !== 'accuracyFirst@1') return;
  const worths = new Set(deck.questions.filter((question) => question.type !== 'poll').map((question) => question.points));
  if (worths.size > 1) fail(errors, '/scoring', 'accuracyFirst@1 needs the same points for every scored question of the quiz');
  if (settings.streak) fail(errors, '/streak', 'accuracyFirst@1 is played without streaks');
}

/** `input` as complete settings, frozen; undefined asks for nothing but defaults. Pointers begin at the settings. */
export function normaliseSettings(input: unknown, deck: Deck): SettingsResult {
  const errors: FieldError[] = [];
  const fields = input === undefined ? {} : readObject(errors, '', input, FIELDS);
  const flag = (name: 'streak' | 'lateJoin' | 'locked' | 'shuffleOptions', absent: boolean) => readFlag(errors, at('', name), fields[name], absent);
  const settings: SessionSettings = {
    scoring: readOneOf(errors, '/scoring', fields['scoring'], SCORING, 'halfDecay@1'),
    streak: flag('streak', false),
    graceMs: readWhole(errors, '/graceMs', fields['graceMs'], 0, GRACE_MS_MAX, GRACE_MS),
    leadMs: readWhole(errors, '/leadMs', fields['leadMs'], 0, LEAD_MS_MAX, LEAD_MS),
    liveScores: readOneOf<SessionSettings['liveScores']>(errors, '/liveScores', fields['liveScores'], ['reveal', 'immediate'], 'reveal'),
    reveal: readOneOf<SessionSettings['reveal']>(errors, '/reveal', fields['reveal'], ['auto', 'host'], 'auto'),
    timing: readTiming(errors, fields['timing']),
    ...(fields['autoAdvance'] === undefined ? {} : { autoAdvance: readAutoAdvance(errors, fields['autoAdvance']) }),
    lateJoin: flag('lateJoin', true),
    locked: flag('locked', false),
    maxPlayers: readWhole(errors, '/maxPlayers', fields['maxPlayers'], 1, PLAYERS_MAX, PLAYERS_MAX_DEFAULT),
    nicknames: readOneOf<SessionSettings['nicknames']>(errors, '/nicknames', fields['nicknames'], ['free', 'generated'], 'free'),
    shuffleOptions: flag('shuffleOptions', false),
  };
  if (errors.length > 0) return { ok: false, quizInvalid: false, errors };
  checkAccuracyFirst(errors, settings, deck);
  return errors.length > 0 ? { ok: false, quizInvalid: true, errors } : { ok: true, settings: deepFreeze(settings) };
}
