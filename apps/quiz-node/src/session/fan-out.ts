/**
 * Outputs that have passed the gate → records on the links: one broadcast per router that has listeners, private messages gathered per router, closes behind
 * what was said before. Owns nothing but the hints of the sessions that are listened to.
 */
import type { Timers } from '@ringmaster/actors';
import { encodeHint, everybody, type EachItem, type Limits, type NodeRecord } from '@ringmaster/protocol';
import type { Audience } from './audience.js';
import { Hints } from './coalesce.js';
import type { SessionCounters } from './counters.js';
import { EarlyClose } from './early-close.js';
import type { PrivateBatch } from './frames.js';
import type { Presence } from './presence.js';
import type { ReplyDesk } from './reply-desk.js';
import type { RouterLink } from './router-link.js';
import type { LiveBoard, SessionQueries } from './session-queries.js';
import type { SessionOutput } from './session-output.js';

export interface FanOutDeps {
  readonly counters: SessionCounters;
  readonly presence: Presence;
  readonly replies: ReplyDesk;
  readonly queries: SessionQueries;
  readonly timers: Timers;
  readonly limits: Limits;
  readonly sessionTime: (shard: number) => number;
}

/** Bytes of private messages that go into one record. */
const EACH_BYTES_MAX = 512 * 1024;

interface Listeners {
  readonly hints: Hints;
  readonly earlyClose: EarlyClose;
}

export class FanOut {
  readonly #listeners = new Map<string, Listeners>();

  constructor(private readonly deps: FanOutDeps) {}

  released(sessionId: string, outputs: readonly SessionOutput[]): void {
    const audience = this.deps.presence.of(sessionId);
    if (audience === undefined || audience.links.size === 0) return;
    for (const output of outputs) this.#output(audience, output);
  }

  /** A connection has its role. `asking`: a question is open. */
  arrived(sessionId: string, asking: boolean): void {
    const audience = this.deps.presence.of(sessionId);
    if (audience === undefined || !asking) return;
    const { earlyClose } = this.#of(audience);
    earlyClose.opened();
    earlyClose.arrived();
  }

  /** The journal has not answered for a while, or does again: a hint to everybody in these sessions. */
  stalled(shard: number, stalled: boolean): void {
    const at = this.deps.sessionTime(shard);
    const bytes = stalled ? encodeHint('session.stalled', at, { reason: 'journal' }) : encodeHint('session.unstalled', at, {});
    for (const audience of this.deps.presence.inShard(shard)) this.#hint(audience, everybody, bytes);
  }

  /** Nobody listens to the session through this node any more. */
  ended(sessionId: string): void {
    const listeners = this.#listeners.get(sessionId);
    listeners?.hints.stop();
    listeners?.earlyClose.stop();
    this.#listeners.delete(sessionId);
  }

  #output(audience: Audience, output: SessionOutput): void {
    switch (output.kind) {
      case 'shared':
        return this.#shared(audience, output);
      case 'private':
        return this.#private(audience, output.batch);
      case 'disconnect': {
        const open = audience.openOf(output.playerId);
        if (open !== null) this.deps.replies.close(open, output.closeCode);
        return;
      }
      case 'lobbyChanged':
        return this.#of(audience).hints.lobbyChanged(output);
      case 'progress': {
        const { hints, earlyClose } = this.#of(audience);
        hints.progress(output);
        earlyClose.progress(output.answered, output.eligible);
        return;
      }
      case 'standingsChanged':
        return this.#of(audience).hints.standingsChanged();
      case 'retired':
        for (const open of audience.opens) this.deps.replies.close(open, 4507);
        return;
      case 'ended':
        return;
    }
  }

  #shared(audience: Audience, { frame: { s, t, bytes } }: Extract<SessionOutput, { kind: 'shared' }>): void {
    this.deps.counters.broadcasts += audience.links.size;
    for (const link of audience.links.keys()) link.send({ r: 'broadcast', sessionId: audience.sessionId, audience: everybody, s, bytes });
    if (t === 'question.opened' || t === 'question.extended') this.#of(audience).earlyClose.opened();
    if (t === 'question.closed') {
      this.#listeners.get(audience.sessionId)?.hints.progressEnded();
      this.#listeners.get(audience.sessionId)?.earlyClose.closed();
    }
  }

  #private(audience: Audience, batch: PrivateBatch): void {
    const byLink = new Map<RouterLink, { items: EachItem[]; bytes: number }>();
    for (const item of batch.items) {
      const open = audience.openOf(item.playerId);
      if (open === null) continue;
      let gathered = byLink.get(open.link);
      if (gathered === undefined) byLink.set(open.link, (gathered = { items: [], bytes: 0 }));
      const bytes = batch.bytes(item);
      this.deps.counters.privates++;
      gathered.items.push({ conn: open.conn, p: item.p, bytes });
      gathered.bytes += bytes.length;
      if (gathered.bytes < EACH_BYTES_MAX) continue;
      open.link.send({ r: 'each', items: gathered.items });
      byLink.delete(open.link);
    }
    for (const [link, { items }] of byLink) link.send({ r: 'each', items });
  }

  #hint({ links, sessionId }: Audience, audience: number, bytes: Uint8Array): void {
    const record: NodeRecord = { r: 'broadcast', sessionId, audience, bytes };
    this.deps.counters.broadcasts += links.size;
    for (const link of links.keys()) link.hint(record);
  }

  #of(audience: Audience): Listeners {
    const { sessionId, shard } = audience;
    let listeners = this.#listeners.get(sessionId);
    if (listeners === undefined) {
      const { timers, limits, queries, presence } = this.deps;
      const hints = new Hints({
        timers,
        limits,
        now: () => this.deps.sessionTime(shard),
        send: (mask, bytes) => this.#hint(audience, mask, bytes),
        askBoard: () => queries.liveBoard(sessionId, (board: LiveBoard) => this.#listeners.get(sessionId)?.hints.board(board)),
      });
      const earlyClose = new EarlyClose({ timers, look: () => queries.closeIfAll(sessionId), connected: () => presence.of(sessionId)?.playersConnected ?? 0 });
      this.#listeners.set(sessionId, (listeners = { hints, earlyClose }));
    }
    return listeners;
  }
}
