import { describe, expect, test } from '@jest/globals';
import { normaliseQuiz } from '../../../src/quiz/deck/normalise.js';
import { normaliseSettings } from '../../../src/quiz/deck/settings.js';

function deckOf(...points: number[]) {
  const poll = { type: 'poll', text: '?', options: [{ text: 'x' }, { text: 'y' }] };
  const result = normaliseQuiz({ title: 'x', questions: [poll, ...points.map((each) => ({ type: 'trueFalse', text: '?', key: true, points: each }))] });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.deck;
}
const deck = deckOf(1000, 1000);

const defaults = {
  scoring: 'halfDecay@1', streak: false, graceMs: 500, leadMs: 400, liveScores: 'reveal', reveal: 'auto', timing: { startMs: 3000 },
  lateJoin: true, locked: false, maxPlayers: 10_000, nicknames: 'free', shuffleOptions: false,
};

describe('settings', () => {
  test('are all optional', () => {
    expect(normaliseSettings(undefined, deck)).toEqual({ ok: true, settings: defaults });
    expect(normaliseSettings({}, deck)).toEqual({ ok: true, settings: defaults });
  });

  test('stay as they are given, complete and frozen', () => {
    const given = {
      ...defaults, scoring: 'fullDecay@1', streak: true, graceMs: 0, leadMs: 0, liveScores: 'immediate', reveal: 'host', timing: { startMs: 0, readMs: 0 },
      autoAdvance: { revealMs: 0, boardMs: 1, podiumMs: 2 }, lateJoin: false, locked: true, maxPlayers: 1, nicknames: 'generated', shuffleOptions: true,
    };
    const result = normaliseSettings(given, deck);
    expect(result).toEqual({ ok: true, settings: given });
    expect(result.ok && Object.isFrozen(result.settings.autoAdvance)).toBe(true);
    expect(normaliseSettings({ autoAdvance: { boardMs: 0 } }, deck)).toMatchObject({ settings: { autoAdvance: { revealMs: 5000, boardMs: 0, podiumMs: 10_000 } } });
  });

  test.each<[unknown, string[]]>([
    [null, ['']],
    [[], ['']],
    [{ score: 1 }, ['/score']],
    [{ scoring: 'halfDecay' }, ['/scoring']],
    [{ scoring: 'toString' }, ['/scoring']],
    [{ streak: 1 }, ['/streak']],
    [{ graceMs: -1 }, ['/graceMs']],
    [{ leadMs: 0.5 }, ['/leadMs']],
    [{ liveScores: 'always' }, ['/liveScores']],
    [{ reveal: true }, ['/reveal']],
    [{ timing: { startMs: -1, readMs: 'x', endMs: 1 } }, ['/timing/endMs', '/timing/startMs', '/timing/readMs']],
    [{ timing: 5 }, ['/timing']],
    [{ autoAdvance: true }, ['/autoAdvance']],
    [{ autoAdvance: { revealMs: -5 } }, ['/autoAdvance/revealMs']],
    [{ maxPlayers: 0 }, ['/maxPlayers']],
    [{ nicknames: null }, ['/nicknames']],
    [{ lateJoin: 'no', locked: 0, shuffleOptions: 'x' }, ['/lateJoin', '/locked', '/shuffleOptions']],
  ])('%j is wrong at %j', (input, expected) => {
    const result = normaliseSettings(input, deck);
    expect(result).toMatchObject({ ok: false, quizInvalid: false });
    expect(result.ok ? [] : result.errors.map((error) => error.pointer)).toEqual(expected);
  });
});

describe('accuracyFirst', () => {
  const scoring = 'accuracyFirst@1';

  test('takes a quiz of equal points; polls do not count', () => {
    expect(normaliseSettings({ scoring }, deck)).toMatchObject({ ok: true, settings: { scoring } });
    expect(normaliseSettings({ scoring }, deckOf())).toMatchObject({ ok: true });
  });

  test('refuses unequal points and streaks: the quiz does not suit the settings', () => {
    expect(normaliseSettings({ scoring }, deckOf(1000, 2000))).toMatchObject({ ok: false, quizInvalid: true, errors: [{ pointer: '/scoring' }] });
    expect(normaliseSettings({ scoring, streak: true }, deck)).toMatchObject({ ok: false, quizInvalid: true, errors: [{ pointer: '/streak' }] });
    expect(normaliseSettings({ scoring, streak: 'x' }, deckOf(1000, 2000))).toMatchObject({ ok: false, quizInvalid: false });
  });
});
