/** What can be read of a session: snapshots for clients, pages for hosts, and the report. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clientSnapshot } from '../../../src/quiz/views/client-snapshot.js';
import { explain } from '../../../src/quiz/views/explain.js';
import { hostView } from '../../../src/quiz/views/host-view.js';
import { leaderboard, liveBoard } from '../../../src/quiz/views/leaderboard.js';
import { playerPage, playerView } from '../../../src/quiz/views/player-pages.js';
import { questionStats } from '../../../src/quiz/views/question-statistics.js';
import { report } from '../../../src/quiz/views/report.js';
import { played, scripts } from './scripts.js';
import { World } from './world.js';

const AT_ONCE = { timing: { startMs: 0, readMs: 0 } };

/** Question 1 is revealed: ann is right, bob wrong, cat silent; dan came too late. */
function revealedWorld(settings: object = {}): World {
  const world = new World(undefined, { ...AT_ONCE, ...settings });
  for (const name of ['ann', 'bob', 'cat']) world.join(name);
  world.host('start');
  world.join('dan');
  world.until(1_400);
  world.answer('ann', 'q1', 'b', { creditMs: 20 });
  world.answer('bob', 'q1', 'a');
  world.host('close');
  return world;
}

describe('the snapshot of a client', () => {
  it('has what was last sent: question, reveal, own result and top', () => {
    const world = revealedWorld();
    const sent = (t: string): unknown => (world.outputs.findLast((output) => output.kind === 'shared' && output.t === t) as { d?: unknown } | undefined)?.d;
    const results = world.outputs.find((output) => output.kind === 'each') as unknown as { items: { playerId: string; d: unknown }[] };
    const { top } = sent('leaderboard') as { top: unknown };
    expect(clientSnapshot(world.state, 'player', 'bob')).toEqual({
      phase: 'revealed', paused: false, locked: false, quiz: { title: 'Two', total: 2 }, question: sent('question.opened'), revealed: sent('question.revealed'),
      result: results.items[1]?.d, top, players: { count: 4 }, settings: world.state.created?.settings,
      me: { nickname: 'bob', score: 0, rank: 2, of: 4, streak: 0, answered: { qid: 'q1', answerId: 'bob-q1', value: 'a', receivedAt: 1_400 } },
    });
    for (const role of ['host', 'presenter', 'spectator'] as const) {
      const shown = clientSnapshot(world.state, role);
      expect([shown.me, shown.result]).toEqual([undefined, undefined]);
    }
  });

  it('has the times of the question as they are now, and no key before the reveal', () => {
    const world = new World(undefined, AT_ONCE);
    world.join('ann');
    world.host('start');
    world.host('extend', { ms: 5_000 });
    const shown = clientSnapshot(world.state, 'player', 'ann');
    expect(shown.question).toMatchObject({ opensAt: 400, closesAt: 15_400 });
    expect(shown.me).toEqual({ nickname: 'ann', score: 0, rank: null, of: 0, streak: 0 });
    expect([shown.revealed, shown.result, shown.top]).toEqual([undefined, undefined, undefined]);
  });

  it('in the preview is that of the preview, and stays so where the question never opened', () => {
    const world = new World(undefined, { timing: { startMs: 0, readMs: 9_000 } });
    world.join('ann');
    world.host('start');
    const preview = world.outputs.findLast((output) => output.kind === 'shared') as { t?: string; d?: unknown };
    expect(preview.t).toBe('question.preview');
    expect(clientSnapshot(world.state, 'spectator').question).toEqual(preview.d);
    world.host('skip');
    expect(clientSnapshot(world.state, 'player', 'ann')).toMatchObject({ question: preview.d, revealed: { stats: { unanswered: 0 } }, result: { outcome: 'unscored' } });
  });

  it('of who came after the revision has neither rank nor result; the end has the final ones', () => {
    const world = revealedWorld();
    world.join('eve');
    expect(clientSnapshot(world.state, 'player', 'eve')).toMatchObject({ me: { rank: null, score: 0 } });
    expect(clientSnapshot(world.state, 'player', 'eve').result).toBeUndefined();
    world.host('end');
    const shown = clientSnapshot(world.state, 'player', 'eve');
    expect(shown).toMatchObject({ phase: 'finished', me: { rank: 2, of: 5 }, top: expect.arrayContaining([expect.objectContaining({ playerId: 'eve' })]) });
    expect([shown.question, shown.revealed, shown.result]).toEqual([undefined, undefined, undefined]);
  });

  it('always agrees with the last result that the player was sent', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const last = new Map<string, { score: number; rank: number }>();
        let ended = false;
        played(script, undefined, (world, { outputs }) => {
          for (const output of outputs) {
            if (output.kind === 'each') for (const { playerId, d } of output.items) last.set(playerId, d as never);
            if (output.kind === 'private' && output.t === 'me.result') last.set(output.playerId, output.d as never);
            ended ||= output.kind === 'ended';
          }
          const shown = world.state.phase === 'revealed' || world.state.phase === 'leaderboard';
          if (!shown || ended) return;
          for (const playerId of world.state.players.ids.slice(-5)) {
            if (playerView(world.state, playerId)?.rank == null) continue;
            const { me, result } = clientSnapshot(world.state, 'player', playerId);
            expect(result).toEqual(last.get(playerId));
            expect(me).toMatchObject({ score: result?.score, rank: result?.rank, of: result?.of });
          }
        });
      }),
      { numRuns: 100 },
    );
  });
});

describe('pages for hosts', () => {
  it('say where the session stands', () => {
    const world = revealedWorld();
    world.host('kick', { playerId: 'cat' });
    expect(hostView(world.state)).toMatchObject({
      sessionId: '7K3M9QRT', title: 'Two', owner: 'local', phase: 'revealed', paused: false, position: { e: 'history', s: world.state.s }, revision: 1, questions: 2,
      question: { qid: 'q1', n: 1, answered: 2, eligible: 3, opensAt: 400, closesAt: 10_400 }, players: { in: 3, left: 0, kicked: 1, banned: 0 },
    });
  });

  it('list players by joining and by rank, search them, and know one', () => {
    const world = revealedWorld();
    world.join('eve');
    const names = (query: object): string[] => playerPage(world.state, { offset: 0, limit: 10, ...query }).items.map(({ nickname }) => nickname);
    expect(names({})).toEqual(['ann', 'bob', 'cat', 'dan', 'eve']);
    world.host('ban', { playerId: 'ann' });
    expect(names({ byRank: true, offset: 1, limit: 2 })).toEqual(['bob', 'cat']);
    expect(names({ search: 'A' })).toEqual(['ann', 'cat', 'dan']);
    expect(names({ status: 'banned' })).toEqual(['ann']);
    expect(playerPage(world.state, { offset: 4, limit: 10 })).toEqual({ items: [{ playerId: 'eve', nickname: 'eve', status: 'in', score: 0, rank: null }], total: 5 });
    expect(playerView(world.state, 'ann')).toEqual({ playerId: 'ann', nickname: 'ann', status: 'banned', score: 951, rank: 1 });
    expect(playerView(world.state, 'nobody')).toBeNull();
  });

  it('page through the standings of any revision, and around a player', () => {
    const world = new World(undefined, AT_ONCE);
    for (let i = 0; i < 9; i += 1) world.join(`p${i}`);
    world.host('start');
    for (let i = 0; i < 9; i += 1) {
      world.until(1_000 + i * 100);
      world.answer(`p${i}`, 'q1', 'b');
    }
    world.host('next');
    world.host('kick', { playerId: 'p0' });
    world.host('close');
    const page = (query: object): unknown => {
      const found = leaderboard(world.state, { offset: 0, limit: 3, ...query });
      return found === null ? null : [found.revision, found.of, found.items.map(({ playerId }) => playerId).join(' '), found.nextOffset];
    };
    expect(page({})).toEqual([2, 8, 'p1 p2 p3', 3]);
    expect(page({ revision: 1 })).toEqual([1, 9, 'p0 p1 p2', 3]);
    expect(page({ revision: 0 })).toEqual([0, 0, '', null]);
    expect(page({ offset: 6 })).toEqual([2, 8, 'p7 p8', null]);
    expect(page({ around: 'p4' })).toEqual([2, 8, 'p3 p4 p5', 5]);
    expect(page({ around: 'p1' })).toEqual([2, 8, 'p1 p2 p3', 3]);
    expect(page({ around: 'p8' })).toEqual([2, 8, 'p6 p7 p8', null]);
    expect(page({ around: 'p8', limit: 50 })).toEqual([2, 8, 'p1 p2 p3 p4 p5 p6 p7 p8', null]);
    expect([page({ revision: 3 }), page({ revision: -1 }), page({ revision: 1.5 }), page({ around: 'p0' }), page({ around: 'nobody' })]).toEqual([null, null, null, null, null]);
    expect(leaderboard(world.state, { offset: 0, limit: 1 })?.items).toEqual([{ rank: 1, playerId: 'p1', nickname: 'p1', score: 965 }]);
  });

  it('in immediate mode know the standings as if the question ended now', () => {
    const world = new World(undefined, { ...AT_ONCE, liveScores: 'immediate' });
    world.join('ann');
    world.join('bob');
    world.host('start');
    world.join('cat');
    world.until(1_400);
    world.answer('bob', 'q1', 'b');
    expect(liveBoard(world.state)).toMatchObject({ revision: 0, of: 3, top: [{ playerId: 'bob', rank: 1, score: 950 }, { playerId: 'ann', rank: 2 }, { playerId: 'cat', rank: 2 }] });
    expect(clientSnapshot(world.state, 'player', 'bob').me).toMatchObject({ score: 950, rank: 1, of: 3, streak: 1 });
    world.host('close');
    expect(liveBoard(world.state).revision).toBe(1);
  });

  it('count a question by the key that counts now', () => {
    const world = revealedWorld();
    expect(questionStats(world.state, 'q1')).toMatchObject({ n: 1, asked: true, revealed: true, answered: 2, eligible: 3, correct: 1, unanswered: 1, medianMs: 980, byOption: { a: 1, b: 1, c: 0 }, key: 'b', corrected: false });
    world.turn({ type: 'correctKey', qid: 'q1', key: 'c', reason: 'typo', recvAt: world.now });
    expect(questionStats(world.state, 'q1')).toMatchObject({ correct: 0, key: 'c', corrected: true });
    expect(clientSnapshot(world.state, 'host').revealed).toMatchObject({ key: 'b', stats: { correct: 1 } });
    expect(questionStats(world.state, 'q2')).toMatchObject({ asked: false, answered: 0 });
    expect(questionStats(world.state, 'q3')).toBeNull();
  });

  it('explain an answer with every number that went into it', () => {
    const world = revealedWorld();
    expect(explain(world.state, 'ann', 'q1')).toMatchObject({
      policy: 'halfDecay@1', inputs: { P: 1_000, L: 10_000 },
      answer: { answerId: 'ann-q1', value: 'b', receivedAt: 1_400, opensAt: 400, closesAt: 10_400, frozenMs: 0, creditMs: 20, elapsedMs: 980, inGrace: false, journal: { epoch: 1 } },
      points: { outcome: 'correct', fraction: [1, 1], speed: 951, scored: 951, streak: 0, total: 951 },
    });
    expect(explain(world.state, 'cat', 'q1')).toMatchObject({ points: { outcome: 'unanswered', total: 0 } });
    expect(explain(world.state, 'dan', 'q1')).toMatchObject({ points: { outcome: 'missed', total: 0 } });
    expect([explain(world.state, 'ann', 'q2'), explain(world.state, 'nobody', 'q1')]).toEqual([null, null]);
    world.host('next');
    world.until(world.now + 500);
    world.answer('ann', 'q2', 42);
    expect(explain(world.state, 'ann', 'q2')).not.toHaveProperty('points');
  });
});

describe('the report', () => {
  it('has players, questions and answers, and no verdict before the reveal', () => {
    const world = revealedWorld();
    world.host('next');
    world.until(world.now + 500);
    world.answer('bob', 'q2', 42);
    world.host('kick', { playerId: 'ann' });
    const { players, questions, answers, ...rest } = report(world.state);
    expect(rest).toEqual({ sessionId: '7K3M9QRT', title: 'Two', phase: 'open', revision: 1, standingsHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(players).toEqual(['bob', 'cat', 'dan'].map((nickname, i) => ({ playerId: nickname, nickname, score: 0, rank: 1, correct: 0, sumE: 0, answered: i === 0 ? 2 : 0 })));
    expect(questions).toEqual([
      { qid: 'q1', n: 1, type: 'single', text: '2+2?', answered: 2, correct: 1, medianMs: 980, voided: false },
      { qid: 'q2', n: 2, type: 'numeric', text: '7·6?', answered: 1, correct: null, medianMs: null, voided: false },
    ]);
    expect(answers).toEqual([
      { playerId: 'bob', qid: 'q1', answerId: 'bob-q1', value: 'a', receivedAt: 1_400, outcome: 'wrong', points: 0 },
      { playerId: 'bob', qid: 'q2', answerId: 'bob-q2', value: 42, receivedAt: world.now, outcome: null, points: null },
    ]);
  });
});
