/**
 * Who sits on a connection. Written in the turn of its hello, so that frames which were sent right behind the hello are judged with it; read by the turns of
 * the same connection alone. What the outside may believe is the released `welcome`, not this.
 */
import type { Role } from '@ringmaster/protocol';

export interface Identity {
  readonly role: Role;
  /** Present for players. */
  readonly playerId?: string;
}

export interface Seat {
  /** The router's id of the connection, the same over all owners. */
  readonly connId: string;
  /** Null before an accepted hello. */
  identity: Identity | null;
}
