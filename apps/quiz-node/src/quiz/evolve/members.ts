/** Players come, are named and go. */
import { nicknameSkeleton } from '../nickname.js';
import type { PlayerJoined, PlayerRenamed } from '../events.js';
import { addPlayer, BANNED, isIn, KICKED, LEFT, renamePlayer, rowOf, setMembership } from '../state/players.js';
import type { Membership } from '../state/players.js';
import { withdraw } from '../state/question-run.js';
import type { SessionState } from '../state/state.js';

export function onJoined(state: SessionState, event: PlayerJoined): void {
  addPlayer(state.players, event.playerId, event.joinId, event.nickname, nicknameSkeleton(event.nickname));
}

export function onRenamed(state: SessionState, event: PlayerRenamed): void {
  renamePlayer(state.players, rowOf(state.players, event.playerId), event.nickname, nicknameSkeleton(event.nickname));
}

function depart(state: SessionState, row: number, membership: Membership): void {
  const last = state.runs.at(-1);
  if (last !== undefined && isIn(state.players, row)) withdraw(last, state.players, row);
  const revealed = last === undefined || last.revealed ? state.runs.length : state.runs.length - 1;
  setMembership(state.players, row, membership, revealed);
}

export function onLeft(state: SessionState, playerId: string): void {
  depart(state, rowOf(state.players, playerId), LEFT);
}

export function onKicked(state: SessionState, playerId: string): void {
  depart(state, rowOf(state.players, playerId), KICKED);
}

export function onBanned(state: SessionState, playerId: string): void {
  const row = rowOf(state.players, playerId);
  depart(state, row, BANNED);
  state.bans = [...(state.bans ?? []), row];
}

/** The place is not given back, but the person may join anew, as after a kick. */
export function onUnbanned(state: SessionState, playerId: string): void {
  const row = rowOf(state.players, playerId);
  setMembership(state.players, row, KICKED, 0);
  state.bans = (state.bans ?? []).filter((banned) => banned !== row);
}
