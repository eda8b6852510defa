/** A host's command: known ones get their first reply, others are judged by arguments, position and phase, in this order. */
import type { Command } from '../commands.js';
import { createdOf, shownPhase } from '../state/state.js';
import type { Remembered, SessionState } from '../state/state.js';
import { hasArgs, isLegal, isOrder, obey } from './orders.js';
import { agree, refuse } from './verdict.js';
import type { Verdict } from './verdict.js';

type HostCommand = Extract<Command, { type: 'host' }>;

export const CMD_ID_MAX = 64;

/** The accepted command of that name, if it is among the last ones: whatever is said with it now gets its first reply. */
export function knownCommand(state: SessionState, cmdId: string | undefined): Remembered | undefined {
  return cmdId === undefined ? undefined : state.remembered?.find((remembered) => remembered.cmdId === cmdId);
}

export function isCmdId(cmdId: unknown): cmdId is string {
  return typeof cmdId === 'string' && cmdId !== '' && cmdId.length <= CMD_ID_MAX;
}

export function decideHost(state: SessionState, command: HostCommand, at: number): Verdict {
  const { cmdId, order, args = {}, ifSeq, recvAt } = command;
  const { e } = createdOf(state);
  const known = knownCommand(state, cmdId);
  if (known !== undefined) return agree({ ok: true, type: 'host', phase: known.phase, e, s: known.s, dup: true });
  if (!isCmdId(cmdId) || !isOrder(order) || !hasArgs(state, order, args)) return refuse(102);
  if (ifSeq !== undefined && ifSeq !== state.s) return refuse(400);
  if (!isLegal(state, order)) return refuse(401);
  const events = obey(state, order, cmdId, args, recvAt, at);
  if (typeof events === 'number') return refuse(events);
  return { kind: 'answer', events, reply: (after) => ({ ok: true, type: 'host', phase: shownPhase(after), e, s: after.s }) };
}
