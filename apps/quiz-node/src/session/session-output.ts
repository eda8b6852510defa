/** What leaves a turn besides its reply, after the gate: the domain's outputs with their frames, and with what the coalesced hints will need. */
import type { PrivateBatch, SharedFrame } from './frames.js';

export type SessionOutput =
  | { readonly kind: 'shared'; readonly frame: SharedFrame }
  | { readonly kind: 'private'; readonly batch: PrivateBatch }
  | { readonly kind: 'disconnect'; readonly playerId: string; readonly closeCode: number }
  | { readonly kind: 'lobbyChanged'; readonly joined?: string; readonly count: number; readonly locked: boolean }
  | { readonly kind: 'progress'; readonly qid: string; readonly answered: number; readonly eligible: number }
  | { readonly kind: 'standingsChanged' }
  | { readonly kind: 'ended' }
  /** The time for which sockets stay after the end is over. */
  | { readonly kind: 'retired' };
