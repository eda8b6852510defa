/** What the world is to hear of an event that has just evolved the state: its messages by the table, then what the session layer does about it. */
import type { TurnMeta } from '../decision.js';
import type { Event } from '../events.js';
import type { Output } from '../outputs.js';
import { at } from '../state/ints.js';
import { pOf, rowOf } from '../state/players.js';
import { currentRun, settingsOf } from '../state/state.js';
import type { SessionState } from '../state/state.js';
import { bodyOf } from './bodies.js';
import { messagesOf, sharedCount } from './messages.js';
import type { Message } from './messages.js';
import { liveResultView, resultView } from './results.js';

const NONE: readonly Output[] = [];

const CLOSE_LEFT = 1000;
const CLOSE_KICKED = 4505;
const CLOSE_BANNED = 4506;

function playerMessage(state: SessionState, event: Event, message: Message, time: number): Output {
  const { playerId } = event as { playerId: string };
  const row = rowOf(state.players, playerId);
  const run = currentRun(state);
  const d = message.t === 'me.result' && run !== null && state.live !== null ? liveResultView(state, run, state.live, row) : {};
  return { kind: 'private', playerId, t: message.t, p: pOf(state.players, row), at: time, d };
}

function eachResult(state: SessionState, time: number): Output {
  const rank = state.revisions.at(-1)?.rank ?? [];
  const items: { playerId: string; p: number; d: object }[] = [];
  for (let row = 0; row < rank.length; row += 1) {
    if (at(rank, row) > 0) items.push({ playerId: state.players.ids[row] as string, p: pOf(state.players, row), d: resultView(state, row) });
  }
  return { kind: 'each', t: 'me.result', at: time, items };
}

function messageOutputs(state: SessionState, event: Event, messages: readonly Message[], time: number, out: Output[]): void {
  let s = state.s - sharedCount(messages);
  for (const message of messages) {
    if (message.to === 'all') {
      s += 1;
      out.push({ kind: 'shared', t: message.t, s, at: time, d: bodyOf(state, event, message.t) });
    } else out.push(message.to === 'ranked' ? eachResult(state, time) : playerMessage(state, event, message, time));
  }
}

function progress(state: SessionState): Output[] {
  const run = state.phase === 'open' ? currentRun(state) : null;
  if (run === null) return [];
  return [{ kind: 'progress', qid: state.created?.deck.questions[run.index]?.qid ?? '', answered: run.answered, eligible: run.eligible }];
}

function departed(state: SessionState, playerId: string, closeCode: number): Output[] {
  return [{ kind: 'disconnect', playerId, closeCode }, { kind: 'lobbyChanged' }, ...progress(state)];
}

/** What is no message. */
function effects(state: SessionState, event: Event): readonly Output[] {
  switch (event.type) {
    case 'answer.accepted':
      return settingsOf(state).liveScores === 'immediate' ? [...progress(state), { kind: 'standingsChanged' }] : progress(state);
    case 'player.joined': return [{ kind: 'lobbyChanged', joined: event.nickname }];
    case 'player.renamed': return [{ kind: 'lobbyChanged', joined: event.nickname }];
    case 'player.left': return departed(state, event.playerId, CLOSE_LEFT);
    case 'player.kicked': return departed(state, event.playerId, CLOSE_KICKED);
    case 'player.banned': return departed(state, event.playerId, CLOSE_BANNED);
    case 'session.locked':
    case 'session.unlocked': return [{ kind: 'lobbyChanged' }];
    case 'session.finished':
    case 'session.cancelled': return [{ kind: 'ended' }];
    // A correction after the end makes a new archive.
    case 'scores.revised': return state.phase === 'finished' ? [{ kind: 'ended' }] : NONE;
    case 'session.retired':
    case 'session.purged': return [{ kind: 'retired' }];
    case 'session.created': case 'player.unbanned': case 'session.started': case 'session.paused': case 'session.resumed':
    case 'question.previewed': case 'question.opened': case 'question.extended': case 'question.closed': case 'question.revealed':
    case 'question.voided': case 'key.corrected': case 'leaderboard.shown': case 'podium.reached': case 'presence.noted':
      return NONE;
  }
}

/** Immutable: nothing in them refers into the state. */
export function outputs(state: SessionState, event: Event, meta: TurnMeta): readonly Output[] {
  const messages = messagesOf(state, event);
  const after = effects(state, event);
  if (messages.length === 0) return after;
  const out: Output[] = [];
  messageOutputs(state, event, messages, meta.at, out);
  out.push(...after);
  return out;
}
