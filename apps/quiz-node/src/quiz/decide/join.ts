/** Who may come in, under which name. */
import type { Command } from '../commands.js';
import { generatedName } from '../generated-names.js';
import { nicknameSkeleton, readNickname } from '../nickname.js';
import { BANNED, IN, isIn, LEFT, membershipOf, rowOf, rowOfJoin, rowOfSkeleton } from '../state/players.js';
import { createdOf, hasEnded, settingsOf } from '../state/state.js';
import type { SessionState } from '../state/state.js';
import { accept, agree, refuse } from './verdict.js';
import type { Verdict } from './verdict.js';

type JoinCommand = Extract<Command, { type: 'join' }>;

export const JOIN_ID_MAX = 64;
/** Rows, those of players who have gone included, per place of maxPlayers: coming and going must not grow a session without end. */
export const ROWS_PER_PLACE_MAX = 4;

function isBannedName(state: SessionState, skeleton: string): boolean {
  return state.bans?.some((row) => nicknameSkeleton(state.players.names[row] as string) === skeleton) ?? false;
}

/** The nickname under which it is kept, or its refusal. `row`: who asks, −1 for a new player. */
function judgeNickname(state: SessionState, nickname: unknown, row: number): string | Verdict {
  if (typeof nickname !== 'string') return refuse(102, { detail: 'nickname is missing' });
  const read = readNickname(nickname);
  if (!read.ok) return refuse(216, { detail: read.detail });
  if (isBannedName(state, read.skeleton)) return refuse(218);
  const holder = rowOfSkeleton(state.players, read.skeleton, nicknameSkeleton);
  return holder >= 0 && holder !== row ? refuse(215) : read.nickname;
}

function judgeKnown(state: SessionState, row: number): Verdict {
  const membership = membershipOf(state.players, row);
  if (membership === BANNED) return refuse(218);
  if (membership === LEFT) return refuse(201);
  return agree({ ok: true, type: 'joined', playerId: state.players.ids[row] as string, nickname: state.players.names[row] as string, fresh: false });
}

/** Why nobody new may come in, whoever he is: 0 if he may. */
function closedFor(state: SessionState): number {
  const { lateJoin, maxPlayers } = settingsOf(state);
  if (hasEnded(state)) return 213;
  if (state.locked) return 211;
  if (!lateJoin && state.phase !== 'lobby') return 214;
  const { inCount, count } = state.players;
  return inCount >= maxPlayers || count >= maxPlayers * ROWS_PER_PLACE_MAX ? 212 : 0;
}

/** Joining is idempotent: a known joinId gets the same player, before anything else is asked. */
export function decideJoin(state: SessionState, command: JoinCommand): Verdict {
  const { playerId, joinId } = command;
  if (typeof joinId !== 'string' || joinId === '' || joinId.length > JOIN_ID_MAX) return refuse(102);
  const row = rowOfJoin(state.players, joinId);
  if (row >= 0) return judgeKnown(state, row);
  const closed = closedFor(state);
  if (closed !== 0) return refuse(closed);
  const nickname = settingsOf(state).nicknames === 'generated' ? generatedName(createdOf(state).seed, state.players.count) : judgeNickname(state, command.nickname, -1);
  if (typeof nickname !== 'string') return nickname;
  if (rowOf(state.players, playerId) >= 0) return refuse(500);
  return accept([{ type: 'player.joined', playerId, joinId, nickname }], { ok: true, type: 'joined', playerId, nickname, fresh: true });
}

export function decideSetNickname(state: SessionState, command: Extract<Command, { type: 'setNickname' }>): Verdict {
  const row = rowOf(state.players, command.playerId);
  if (row < 0 || !isIn(state.players, row)) return refuse(201);
  if (typeof command.nickname !== 'string') return refuse(102);
  const present = state.players.names[row] as string;
  const read = readNickname(command.nickname);
  // Sent again it means the same, whatever has begun since (K7).
  if (read.ok && read.nickname === present) return agree({ ok: true, type: 'nickname', nickname: present });
  if (state.phase !== 'lobby') return refuse(401);
  if (settingsOf(state).nicknames === 'generated') return refuse(217);
  const nickname = judgeNickname(state, command.nickname, row);
  if (typeof nickname !== 'string') return nickname;
  return accept([{ type: 'player.renamed', playerId: command.playerId, nickname }], { ok: true, type: 'nickname', nickname });
}

export function decideLeave(state: SessionState, command: Extract<Command, { type: 'leave' }>): Verdict {
  const row = rowOf(state.players, command.playerId);
  if (row < 0) return refuse(201);
  if (membershipOf(state.players, row) !== IN) return agree({ ok: true, type: 'left' });
  return accept([{ type: 'player.left', playerId: command.playerId }], { ok: true, type: 'left' });
}
