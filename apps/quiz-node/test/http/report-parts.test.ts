/** Reports of large sessions: made in parts, and the same as if made at once. */
import { describe, expect, test } from '@jest/globals';
import { reportCsv, reportJson, readReport } from '../../src/http/report-parts.js';
import type { Look } from '../../src/http/session-access.js';
import { quizDecider } from '../../src/quiz/decider.js';
import { normaliseQuiz } from '../../src/quiz/deck/normalise.js';
import { normaliseSettings } from '../../src/quiz/deck/settings.js';
import type { Event } from '../../src/quiz/events.js';
import { initialState, type SessionState } from '../../src/quiz/state/state.js';
import { report } from '../../src/quiz/views/report.js';

const start = 1_800_000_000_000;
const secret = '0'.repeat(64);

/** So many players have answered so many questions; one more is open where the quiz has more. */
function playedState(players: number, questions: number, played = questions): { readonly state: SessionState; readonly evolve: (event: Event) => void } {
  const options = [{ text: 'x' }, { text: 'y' }];
  const quiz = normaliseQuiz({ title: 'Large', questions: Array.from({ length: questions }, (_unused, index) => ({ type: 'single', text: `Question ${index}`, options, key: 'b' })) });
  if (!quiz.ok) throw new Error('no quiz');
  const { deck } = quiz;
  const settings = normaliseSettings({}, deck);
  if (!settings.ok) throw new Error('no settings');
  const state = initialState('7K3M9QRT', () => deck);
  let n = 0;
  const evolve = (event: Event): void => quizDecider.evolve(state, event, { shard: 0, epoch: 1, n: (n += 1), at: start + n });
  evolve({
    type: 'session.created', deckSha256: deck.sha256, settings: settings.settings, e: 'e', sessionSecret: secret, hostTokenSha256: secret, presenterTokenSha256: secret,
    salts: deck.questions.map(() => secret), seed: 1, owner: 'local',
  });
  for (let player = 0; player < players; player += 1) evolve({ type: 'player.joined', playerId: `p${player}`, joinId: `j${player}`, nickname: `Player ${player}` });
  evolve({ type: 'session.started', cmdId: 'start' });
  for (const { qid } of deck.questions.slice(0, played + 1)) {
    evolve({ type: 'question.previewed', qid, readMs: 0 });
    evolve({ type: 'question.opened', qid, opensAt: start + n, closesAt: start + n + 20_000 });
    if (qid === deck.questions[played]?.qid) break;
    for (let player = 0; player < players; player += 1) {
      evolve({ type: 'answer.accepted', playerId: `p${player}`, qid, answerId: `a${player}`, value: player % 3 === 0 ? 'a' : 'b', recvAt: start + n, creditMs: 0 });
    }
    evolve({ type: 'question.closed', qid, reason: 'all' });
    evolve({ type: 'question.revealed', qid });
  }
  return { state, evolve };
}

const join = async (pieces: AsyncIterable<string>): Promise<string> => {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
};

describe.each([
  ['small', 20, 3],
  ['large', 2_000, 4],
])('a %s session', (_name, players, questions) => {
  const { state } = playedState(players, questions);
  const look: Look = async (read) => read(state);

  test('has the report that it would have at once', async () => {
    expect(JSON.parse(await join(reportJson(await readReport(look))))).toEqual(JSON.parse(JSON.stringify(report(state))));
  });

  test('has a line for each player in its table', async () => {
    const lines = (await join(reportCsv(await readReport(look)))).trimEnd().split('\n');
    expect(lines.length).toBe(players + 1);
    expect(new Set(lines.map((line) => line.split(',').length))).toEqual(new Set([7 + 2 * questions]));
  });
});

test('a large session is looked at in several turns, none of which sees more than one question\'s answers', async () => {
  const { state } = playedState(2_000, 4);
  let looks = 0;
  await readReport(async (read) => {
    looks += 1;
    return read(state);
  });
  // How much it is, what may change it, three questions, and the fourth with the head.
  expect(looks).toBe(6);
});

test('what changes while a report is read is read again', async () => {
  const { state, evolve } = playedState(2_000, 4);
  let looks = 0;
  const { head, answers } = await readReport(async (read) => {
    looks += 1;
    if (looks === 4) evolve({ type: 'player.kicked', playerId: 'p0', cmdId: 'kick' });
    return read(state);
  });
  expect(looks).toBe(11);
  expect(head.players.some(({ playerId }) => playerId === 'p0')).toBe(false);
  expect(answers.flat().some(({ playerId }) => playerId === 'p0')).toBe(false);
  expect(head).toEqual({ ...report(state), answers: undefined });
});

test('answers that arrive while a report is read do not mix two states: it is that of the last look', async () => {
  const { state: open, evolve: happens } = playedState(2_000, 5, 4);
  let looks = 0;
  let expected: unknown;
  const { head, answers } = await readReport(async (read) => {
    looks += 1;
    happens({ type: 'answer.accepted', playerId: `p${looks}`, qid: 'q5', answerId: `late${looks}`, value: 'a', recvAt: start, creditMs: 0 });
    expected = report(open);
    return read(open);
  });
  expect(looks).toBe(7);
  expect(answers.at(-1)).toHaveLength(7);
  expect({ ...head, answers: answers.flat() }).toEqual(expected);
});

test('when something happens all the time, it is read in one turn in the end', async () => {
  const { state, evolve } = playedState(2_000, 4);
  let looks = 0;
  let expected: unknown;
  const { head, answers } = await readReport(async (read) => {
    looks += 1;
    evolve({ type: 'player.kicked', playerId: `p${looks}`, cmdId: `kick${looks}` });
    expected = report(state);
    return read(state);
  });
  expect(looks).toBe(17);
  expect({ ...head, answers: answers.flat() }).toEqual(expected);
});
