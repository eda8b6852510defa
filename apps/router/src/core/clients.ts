/**
 * Owns the client side of every connection from accept to its end: reading and stamping, limits, signs of life, closing. Does not own where frames go
 * (routes.ts) nor what owners send (delivery.ts).
 * K1: an admitted frame is stamped when it is read, kept until it is done, and outlives its socket; more than the limit closes with 4005.
 */
import { closeCodeEntry, closeCodes, dataFlag, type BindRecord } from '@ringmaster/protocol';
import type { Clock } from '@ringmaster/actors';
import type { Audiences } from './audiences.js';
import type { Admission } from './admission.js';
import type { ClientHandlers, ClientSocket, OutFrame } from './client-socket.js';
import { Connection, type ConnectionIdentity } from './connection.js';
import type { RouterCounters } from './counters.js';
import { Heartbeat } from './heartbeat.js';
import { beatHint } from './hints.js';
import { FrameRate } from './rate.js';
import type { RouterLimits } from './router-limits.js';
import type { Routes } from './routes.js';
import type { Stamps } from './stamps.js';
import type { Wheel } from './wheel.js';

export interface ClientsDeps {
  readonly clock: Clock;
  readonly stamps: Stamps;
  readonly limits: RouterLimits;
  readonly counters: RouterCounters;
  readonly admission: Admission;
  readonly audiences: Audiences;
  readonly routes: Routes;
  readonly wheel: Wheel<Connection>;
  readonly fraction: () => number;
  readonly send: (connection: Connection, frames: readonly OutFrame[]) => void;
}

const STALLED_LOOK_MS = 100;

export class Clients {
  readonly #deps: ClientsDeps;
  readonly #connections = new Map<number, Connection>();
  /** Those whose client is gone and whose frames are not all done, oldest first, with the bytes of their frames at that time. */
  readonly #gone = new Map<Connection, number>();
  #goneBytes = 0;

  constructor(deps: ClientsDeps) {
    this.#deps = deps;
  }

  get(conn: number): Connection | undefined {
    return this.#connections.get(conn);
  }

  all(): Iterable<Connection> {
    return this.#connections.values();
  }

  /** Sockets, and connections that wait for the end of their frames only. */
  get counts(): { readonly open: number; readonly gone: number } {
    return { open: this.#connections.size - this.#gone.size, gone: this.#gone.size };
  }

  accept(id: ConnectionIdentity, socket: ClientSocket): ClientHandlers {
    const { stamps, limits, audiences, admission, clock, routes, wheel } = this.#deps;
    const connection = new Connection(id, socket, limits, stamps.awake());
    this.#connections.set(id.conn, connection);
    admission.entered(id.remote, clock.mono());
    audiences.add(connection);
    routes.add(connection);
    wheel.after(limits.helloWithinMs, connection);
    return {
      onMessage: (bytes, isBinary) => this.#read(connection, bytes, isBinary),
      onPong: () => this.#pong(connection),
      onClose: (code) => this.#left(connection, code),
    };
  }

  /** K5: it has a role now. */
  bound(connection: Connection, record: BindRecord): void {
    const { admission, audiences, clock, limits, stamps, fraction, wheel } = this.#deps;
    const audience = audiences.get(connection.id.sessionId);
    if (connection.socket === null || audience === undefined) return;
    audience.bound(connection);
    connection.rate = new FrameRate(record.perSecond, record.burst, clock.mono(), limits);
    if (connection.heartbeat !== null) return;
    admission.authenticated();
    connection.heartbeat = new Heartbeat(limits, fraction, stamps.awake());
    wheel.after(0, connection);
  }

  /** A frame is done: a connection without client ends with its last one. */
  settled(connection: Connection): void {
    if (connection.socket === null && connection.kept.empty) this.#end(connection);
  }

  slow(connection: Connection, over: boolean): void {
    if (over) this.close(connection, closeCodes.SLOW_CONSUMER.code);
    else this.#deps.wheel.after(this.#deps.limits.slowLookMs, connection);
  }

  /** Closes the client's socket. Its frames are still answered, as far as anybody is there to hear it. */
  close(connection: Connection, code: number): void {
    const { socket } = connection;
    if (socket === null) return;
    this.#left(connection, code);
    socket.close(code, closeCodeEntry(code)?.reason ?? '');
  }

  /** Does what is due for one connection, and says when to look again. */
  look(connection: Connection): void {
    const { stamps, limits, wheel } = this.#deps;
    const { socket, slow } = connection;
    if (socket === null) return;
    if (stamps.stalled()) return wheel.after(STALLED_LOOK_MS, connection);
    const awake = stamps.awake();
    if (slow.look(socket.bufferedBytes(), awake)) return this.close(connection, closeCodes.SLOW_CONSUMER.code);
    const held = slow.slow ? null : slow.release();
    if (held !== null) this.#deps.send(connection, [held]);
    const nextMs = connection.heartbeat === null ? this.#lookUnbound(connection, awake) : this.#lookBound(connection, connection.heartbeat, awake);
    if (nextMs !== null) wheel.after(slow.slow ? Math.min(nextMs, limits.slowLookMs) : nextMs, connection);
  }

  #lookUnbound(connection: Connection, awake: number): number | null {
    const { helloWithinMs, helloAgainWithinMs } = this.#deps.limits;
    const spoke = connection.kept.lastK > 0;
    const restMs = connection.acceptedAt + (spoke ? helloAgainWithinMs : helloWithinMs) - awake;
    // A hello that waits for an owner is no fault of the client.
    if (restMs > 0) return restMs;
    if (!connection.kept.empty) return helloWithinMs;
    this.close(connection, closeCodes.HELLO_TIMEOUT.code);
    return null;
  }

  #lookBound(connection: Connection, heartbeat: Heartbeat, awake: number): number | null {
    const { dead, ping, beat, nextMs } = heartbeat.due(awake);
    if (dead) {
      this.close(connection, closeCodes.HEARTBEAT_LOST.code);
      return null;
    }
    if (ping) connection.socket?.ping();
    if (beat) this.#deps.send(connection, [beatHint(this.#deps.routes.time(connection.id.shard))]);
    return nextMs;
  }

  #read(connection: Connection, bytes: Uint8Array, isBinary: boolean): void {
    if (connection.socket === null) return;
    const { stamps, counters, clock, routes } = this.#deps;
    const stamp = stamps.stamp();
    counters.framesIn++;
    connection.heartbeat?.seen(stamps.awake());
    let flags = isBinary ? dataFlag.binaryFrame : 0;
    const verdict = connection.rate?.judge(clock.mono()) ?? 'within';
    if (verdict === 'abuse') return this.close(connection, closeCodes.RATE_LIMITED.code);
    if (verdict === 'over') {
      counters.framesOverRate++;
      flags |= dataFlag.overRate;
    }
    const frame = connection.kept.keep(bytes, stamp, flags);
    if (frame === null) return this.close(connection, closeCodes.RATE_LIMITED.code);
    routes.hand(connection, frame);
  }

  #pong(connection: Connection): void {
    const { heartbeat, at, id, socket } = connection;
    if (socket === null || heartbeat === null) return;
    const { stamps } = this.#deps;
    const exact = !stamps.stalled();
    if (!heartbeat.pong(stamps.awake(), exact)) return;
    at?.send({ r: 'rtt', conn: id.conn, minMs: heartbeat.rttMinMs, samples: heartbeat.rttSamples });
  }

  #left(connection: Connection, code: number): void {
    if (connection.socket === null) return;
    connection.socket = null;
    connection.closeCode = code;
    const { wheel, admission, audiences } = this.#deps;
    wheel.forget(connection);
    audiences.get(connection.id.sessionId)?.left(connection);
    admission.left(connection.id.remote, connection.heartbeat !== null);
    // Nobody hears the answer to a lone hello any more, and the player's next connection may be welcomed before it: then it would supersede the living one (K5).
    if (!connection.bound && connection.kept.lastK === 1) connection.kept.drop();
    if (connection.kept.empty) return this.#end(connection);
    this.#gone.set(connection, connection.kept.bytes);
    this.#goneBytes += connection.kept.bytes;
    this.#boundGone();
  }

  #end(connection: Connection): void {
    const { routes, audiences } = this.#deps;
    if (!this.#connections.delete(connection.id.conn)) return;
    this.#goneBytes -= this.#gone.get(connection) ?? 0;
    this.#gone.delete(connection);
    connection.at?.send({ r: 'close', conn: connection.id.conn, code: connection.closeCode });
    routes.remove(connection);
    audiences.remove(connection);
  }

  /** Memory has a limit also while no owner can be reached. */
  #boundGone(): void {
    const { goneBytesMax, goneConnectionsMax } = this.#deps.limits;
    for (const oldest of this.#gone.keys()) {
      if (this.#goneBytes <= goneBytesMax && this.#gone.size <= goneConnectionsMax) return;
      this.#deps.counters.framesDiscarded += oldest.kept.frames.length;
      oldest.kept.drop();
      this.#end(oldest);
    }
  }
}
