/**
 * Two nodes that keep the rules of the shard protocol in the simplest way: one history in the sky, one owner at a time, each node working through what it has
 * heard only when told to. What a router does wrong shows as a reply too few, a reply too many, or a message out of place.
 */
import type { NodeRecord, RouterRecord } from '@ringmaster/protocol';
import { addressOf, bytesOf, type ScriptedNode } from './scripted-node.js';
import { bind } from './world.js';

export class IdealCluster {
  /** Shared messages so far; message s is at s − 1. */
  readonly history: string[] = [];
  /** What was answered to frame k of a connection, however often it came. */
  readonly answered = new Map<string, string>();
  owner = 'a';
  epoch = 1;
  readonly #nodes: ReadonlyMap<string, ScriptedNode>;
  readonly #opened = new Map<string, Set<number>>();
  /** Links on which the node has said that it owns the shard, by their dial. */
  readonly #told = new Map<string, string>();
  /** Links on which it has said who is there. */
  readonly #named = new Set<string>();

  constructor(nodes: readonly ScriptedNode[]) {
    this.#nodes = new Map(nodes.map((node) => [node.name, node]));
    for (const { name } of nodes) this.#opened.set(name, new Set());
  }

  /** The node works through all that it has heard. */
  work(name: string): void {
    const node = this.#node(name);
    if (!node.linked) return;
    const opened = this.#openedAt(name);
    const said: NodeRecord[] = [];
    if (this.owner !== name) {
      for (const conn of opened) said.push({ r: 'notOwner', conn, shard: 0, hint: this.owner });
      opened.clear();
    }
    const heard = node.heard;
    node.heard = [];
    for (const record of heard) {
      if (record.r === 'linkHello') opened.clear();
      said.push(...(this.owner === name ? this.#asOwner(record, opened) : notAsOwner(record, this.owner)));
    }
    const claim = `${node.dials} ${this.epoch}`;
    if (this.owner === name && this.#told.get(name) !== claim) {
      this.#told.set(name, claim);
      said.push({ r: 'owner', shard: 0, epoch: this.epoch, offset: -node.skewMs });
    }
    const link = `${name} ${node.dials}`;
    if (!this.#named.has(link)) {
      this.#named.add(link);
      said.push({ r: 'members', nodes: [...this.#nodes.keys()].map((each) => ({ name: each, address: addressOf(each) })) });
    }
    if (said.length > 0) node.says(...said);
  }

  /** The owner has something to say to all. */
  broadcast(): void {
    const node = this.#node(this.owner);
    this.history.push(`s${this.history.length + 1}`);
    const s = this.history.length;
    if (node.linked && this.#openedAt(this.owner).size > 0) node.says({ r: 'broadcast', sessionId: 'QUIZ0000', audience: 15, s, bytes: bytesOf(`s${s}`) });
  }

  /** As `broadcast`, but it gets lost on the way, which a link never does: the router has to notice. */
  swallow(): void {
    this.history.push(`s${this.history.length + 1}`);
  }

  takeOver(name: string): void {
    if (this.owner === name) return;
    this.owner = name;
    this.epoch++;
  }

  /** Its memory is lost; the history is not. */
  restarted(name: string): void {
    this.#openedAt(name).clear();
    this.#node(name).heard = [];
    if (this.owner === name) this.epoch++;
  }

  linkLost(name: string): void {
    this.#openedAt(name).clear();
    this.#node(name).heard = [];
  }

  #asOwner(record: RouterRecord, opened: Set<number>): NodeRecord[] {
    if (record.r === 'open') {
      opened.add(record.conn);
      if (record.bind === undefined) return [];
      const from = record.s ?? 0;
      return this.history.slice(from).map((text, i): NodeRecord => ({ r: 'data', conn: record.conn, s: from + i + 1, reset: false, bytes: bytesOf(text) }));
    }
    if (record.r === 'close') opened.delete(record.conn);
    if (record.r !== 'data' || !opened.has(record.conn)) return [];
    const { conn, k } = record;
    this.answered.set(`${conn} ${k}`, new TextDecoder().decode(record.bytes));
    if (k === 1) return [bind(conn, 1, { s: this.history.length, perSecond: 1_000, burst: 1_000, frames: [bytesOf(`welcome at ${this.history.length}`)] })];
    return [{ r: 'data', conn, done: k, reset: false, bytes: bytesOf(`ok${k}`) }];
  }

  #node(name: string): ScriptedNode {
    const node = this.#nodes.get(name);
    if (node === undefined) throw new Error(`no node ${name}`);
    return node;
  }

  #openedAt(name: string): Set<number> {
    const opened = this.#opened.get(name);
    if (opened === undefined) throw new Error(`no node ${name}`);
    return opened;
  }
}

function notAsOwner(record: RouterRecord, owner: string): NodeRecord[] {
  return record.r === 'open' ? [{ r: 'notOwner', conn: record.conn, shard: 0, hint: owner }] : [];
}
