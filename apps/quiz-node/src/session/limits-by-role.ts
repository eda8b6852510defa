/** What a role may send; the router enforces it from `bind`. */
import type { Limits, Role } from '@ringmaster/protocol';

export interface FrameAllowance {
  readonly perSecond: number;
  readonly burst: number;
}

export function allowanceOf(role: Role, limits: Limits): FrameAllowance {
  return role === 'host'
    ? { perSecond: limits.hostPerSecond, burst: limits.hostBurstFrames }
    : { perSecond: limits.playerPerSecond, burst: limits.playerBurstFrames };
}
