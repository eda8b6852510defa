/** What the world is to hear. `d` has the shape that protocol.md gives for `t`. Immutable: nothing in it refers into the state. */

export type Output =
  /** To everybody in the session; `s` is dense. */
  | { readonly kind: 'shared'; readonly t: string; readonly s: number; readonly at: number; readonly d: object }
  /** To one player; `p` is dense per player. */
  | { readonly kind: 'private'; readonly playerId: string; readonly t: string; readonly p: number; readonly at: number; readonly d: object }
  /** A private message of the same `t` to many players at once (`me.result`), in order of joining. */
  | { readonly kind: 'each'; readonly t: string; readonly at: number; readonly items: readonly { readonly playerId: string; readonly p: number; readonly d: object }[] }
  /** The player's sockets are to be closed after what was sent before (kicked, banned, left). */
  | { readonly kind: 'disconnect'; readonly playerId: string; readonly closeCode: number }
  /** Hints about what changed, coalesced by the session layer; they promise nothing. */
  | { readonly kind: 'lobbyChanged'; readonly joined?: string }
  | { readonly kind: 'progress'; readonly qid: string; readonly answered: number; readonly eligible: number }
  /** Immediate mode: the standings have changed. */
  | { readonly kind: 'standingsChanged' }
  /** The session has ended, or was corrected after its end: archive it. */
  | { readonly kind: 'ended' }
  /** The 10 minutes after the end are over: close what sockets are left (4507). */
  | { readonly kind: 'retired' };
