import { describe, expect, it } from '@jest/globals';
import { readOptions, usage, UsageError } from '../src/cli.js';

describe("the demo's command line", () => {
  it('plays ten questions with 200 bots by default', () => {
    expect(readOptions([], {})).toMatchObject({ players: 200, questions: 10, limitMs: 6_000, seed: 1, kill: false, json: false });
  });

  it.each([
    [['--players', '0'], '--players is "0": it takes a whole number from 1 to 10000'],
    [['--players', '1e9'], '--players is "1e9": it takes a whole number from 1 to 10000'],
    [['--limit-ms', 'long'], '--limit-ms is "long": it takes a whole number from 5000 to 240000'],
    [['--url', 'http://127.0.0.1:1'], '--url needs --key (or HOST_API_KEY)'],
    [['--url', 'http://127.0.0.1:1', '--key', 'k', '--kill'], '--kill needs a quiz-node of its own: leave --url out'],
  ])('refuses %j with a clear message', (argv, message) => {
    expect(() => readOptions(argv, {})).toThrow(new UsageError(message));
  });

  it('refuses an unknown option', () => {
    expect(() => readOptions(['--player', '3'], {})).toThrow(UsageError);
  });

  it('explains every option', () => {
    for (const name of ['players', 'quiz', 'questions', 'limit-ms', 'seed', 'kill', 'url', 'key', 'json']) expect(usage).toContain(`--${name}`);
  });
});
