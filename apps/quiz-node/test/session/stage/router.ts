/**
 * A router for tests: keeps frames until they are done (K1), writes by position (K4), gives binds back (K5), and complains about everything that a real one
 * would have to repair: a gap, a reply out of order, a record for a connection that it does not know.
 */
import type { LinkHandlers } from '@ringmaster/actors';
import { audienceBit, decodeLinkFrame, LinkWriter, type NodeRecord, type RouterRecord } from '@ringmaster/protocol';
import type { SimTime } from '../../../../../libs/actors/test/fakes/sim-time.js';
import type { SessionEdge } from '../../../src/session/session-edge.js';
import { StageClient } from './client.js';

const CLOCK_EVERY_MS = 100;

export class StageRouter {
  readonly clients = new Map<number, StageClient>();
  readonly complaints: string[] = [];
  readonly owners = new Map<number, { epoch: number; offset: number }>();
  /** Session time of the last owner's last beat, and its offset: what `open` reports. */
  lastOwner = { epoch: 0, seenAt: 0, offset: 0 };
  /** Records of the link, oldest first, without clocks and beats. */
  readonly seen: NodeRecord[] = [];
  /** Off: the router shows no clock, as one that is cut off. */
  clocks = true;
  #handlers: LinkHandlers | null = null;
  #conns = 0;

  constructor(
    readonly time: SimTime,
    readonly sessionId: string,
  ) {
    this.#tick();
  }

  /** A client connects. */
  client(): StageClient {
    const client = new StageClient(this, ++this.#conns);
    this.clients.set(client.conn, client);
    if (this.#handlers !== null) this.#open(client);
    return client;
  }

  link(edge: SessionEdge): void {
    const handlers: LinkHandlers = edge.accept({
      send: (frame) => {
        if (this.#handlers === handlers) this.#read(frame);
      },
      bufferedBytes: () => 0,
      close: () => undefined,
    });
    this.#handlers = handlers;
    handlers.onOpen();
    this.send({ r: 'linkHello', router: 'router-0', boot: 'router-boot' });
  }

  linkBroke(): void {
    const handlers = this.#handlers;
    this.#handlers = null;
    const { epoch, offset } = this.owners.get(0) ?? this.lastOwner;
    this.lastOwner = { ...this.lastOwner, epoch, offset };
    this.owners.clear();
    for (const client of this.clients.values()) client.flowing = false;
    handlers?.onClose('broken');
  }

  send(...records: RouterRecord[]): void {
    const writer = new LinkWriter('router');
    for (const record of records) writer.append(record);
    this.#handlers?.onFrame(writer.take());
  }

  /** Session time by the owner's clock, ms. */
  now(): number {
    return this.time.mono() + (this.owners.get(0)?.offset ?? 0);
  }

  complain(text: string): void {
    this.complaints.push(text);
  }

  #tick(): void {
    this.time.after(CLOCK_EVERY_MS, () => {
      if (this.clocks && this.#handlers !== null) this.send({ r: 'clock', now: this.time.mono(), mono: this.time.mono() });
      this.#tick();
    });
  }

  #open(client: StageClient): void {
    this.send(client.openRecord());
    if (this.owners.has(0)) client.flow();
  }

  #read(frame: Uint8Array): void {
    const decoded = decodeLinkFrame(frame, 'node');
    if (!decoded.ok) return this.complain(decoded.reason);
    for (const record of decoded.records) this.#record(record);
  }

  #record(record: NodeRecord): void {
    if (record.r !== 'beat') this.seen.push(record);
    switch (record.r) {
      case 'linkWelcome':
        for (const client of this.clients.values()) this.send(client.openRecord());
        return;
      case 'owner':
        this.owners.set(record.shard, record);
        for (const client of this.clients.values()) client.flow();
        return this.send({ r: 'attached', shards: [{ shard: record.shard, epoch: record.epoch, ownerOffset: this.lastOwner.offset }] });
      case 'broadcast':
        for (const client of this.clients.values()) if (client.role !== null && audienceBit[client.role] & record.audience) client.shared(record);
        return;
      case 'each':
        for (const { conn, p, bytes } of record.items) this.clients.get(conn)?.numbered(undefined, p, bytes);
        return;
      case 'data':
      case 'bind':
      case 'close':
      case 'notOwner': {
        const client = this.clients.get(record.conn);
        if (client === undefined) return this.complain(`${record.r} for an unknown connection`);
        return client.record(record);
      }
      case 'beat':
        this.lastOwner.seenAt = this.now();
        return;
      case 'moving':
      case 'members':
        return;
    }
  }
}
