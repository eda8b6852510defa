/** Owns which connections of this router belong to which session, by role, and the lane of each session. A session without connections costs nothing. */
import { roles, audienceBit } from '@ringmaster/protocol';
import type { Connection } from './connection.js';
import { Lane, type LaneDeps } from './lane.js';

export class Audience {
  readonly lane: Lane;
  /** All of its connections, also those before welcome. */
  readonly connections = new Set<Connection>();
  readonly #byRole = new Map<number, Set<Connection>>();

  constructor(deps: Omit<LaneDeps, 'members'>) {
    this.lane = new Lane({ ...deps, members: (mask) => this.members(mask) });
  }

  /** The connection has got its role. */
  bound(connection: Connection): void {
    const members = this.#byRole.get(connection.roleBit);
    if (members === undefined) this.#byRole.set(connection.roleBit, new Set([connection]));
    else members.add(connection);
  }

  /** Gets nothing shared from now on. */
  left(connection: Connection): void {
    this.#byRole.get(connection.roleBit)?.delete(connection);
  }

  *members(mask: number): Iterable<Connection> {
    for (const role of roles) if (mask & audienceBit[role]) yield* this.#byRole.get(audienceBit[role]) ?? [];
  }
}

export class Audiences {
  readonly #deps: Omit<LaneDeps, 'members'>;
  readonly #bySession = new Map<string, Audience>();

  constructor(deps: Omit<LaneDeps, 'members'>) {
    this.#deps = deps;
  }

  get(sessionId: string): Audience | undefined {
    return this.#bySession.get(sessionId);
  }

  add(connection: Connection): Audience {
    let audience = this.#bySession.get(connection.id.sessionId);
    if (audience === undefined) this.#bySession.set(connection.id.sessionId, (audience = new Audience(this.#deps)));
    audience.connections.add(connection);
    return audience;
  }

  remove(connection: Connection): void {
    const audience = this.#bySession.get(connection.id.sessionId);
    if (audience === undefined) return;
    audience.left(connection);
    audience.connections.delete(connection);
    if (audience.connections.size === 0) this.#bySession.delete(connection.id.sessionId);
  }

  get size(): number {
    return this.#bySession.size;
  }
}
