/**
 * Somebody at a session, as the protocol document describes a client: connects, says hello, comes back with its token and position, backs off. Owns its
 * connections and its history; what it does with what it hears is its part (player.ts, host.ts).
 */
import type { World } from '../cluster/world.js';
import type { Chance } from '../world/chance.js';
import { SimProcess } from '../world/sim-process.js';
import type { Frame, Heard, PersonHistory, Sent, TabHistory } from './history.js';
import { SimSocket } from './sim-socket.js';

export interface Part {
  readonly role: 'player' | 'host' | 'spectator';
  hello(): Record<string, unknown>;
  /** The connection has its role: what waits for a reply is sent again. */
  welcomed(): void;
  heard(heard: Heard): void;
  replied(sent: Sent, heard: Heard): void;
}

const WELCOME_WITHIN_MS = 3_000;

interface Tab {
  readonly history: TabHistory;
  readonly socket: SimSocket;
  welcomed: boolean;
}

export class Person {
  readonly history: PersonHistory;
  readonly process: SimProcess;
  part: Part | null = null;
  /** Position and token of the latest connection. */
  position = { e: '', s: 0, p: 0 };
  token: string | null = null;
  #tab: Tab | null = null;
  #nextId = 1;
  #backOffMs = 100;
  #awayUntil = 0;

  constructor(
    readonly world: World,
    readonly name: string,
    readonly sessionId: string,
    role: Part['role'],
    readonly chance: Chance,
  ) {
    this.process = new SimProcess(world.time, name, 0, 0);
    this.history = { name, sessionId, role, tabs: [], answers: [], finished: null, stopped: null, playerId: null };
  }

  get online(): boolean {
    return this.#tab?.welcomed ?? false;
  }

  /** Something that was said on the connection that is open has no reply yet. */
  get awaiting(): boolean {
    return this.#tab?.history.sent.some(({ replies }) => replies.length === 0) ?? false;
  }

  /** Opens a connection. One that is open stays open until the router closes it: a second tab. */
  connect(): void {
    if (this.history.stopped !== null) return;
    const { world, chance } = this;
    const router = world.routers.get(chance.pick(world.config.routers));
    if (router === undefined) throw new Error('no such router');
    const history: TabHistory = {
      person: this.name, role: this.history.role, router: router.name, openedAt: world.time.now, heard: [], sent: [], closedAt: null, closeCode: null, left: false,
    };
    this.history.tabs.push(history);
    const socket = new SimSocket(this.process, router, this.sessionId, chance, {
      onOpen: () => this.#hello(tab),
      onMessage: (text) => this.#heard(tab, text),
      onClose: (code) => this.#closed(tab, code),
    });
    const tab: Tab = { history, socket, welcomed: false };
    this.#tab = tab;
  }

  /** On the latest connection. @returns undefined when there is none with a role. */
  say(t: string, d: Record<string, unknown>): Sent | undefined {
    return this.#tab?.welcomed ? this.#send(this.#tab, t, d) : undefined;
  }

  /** Gone for so long; comes back by itself. */
  goAway(ms: number): void {
    this.#awayUntil = this.world.time.now + ms;
    if (this.#tab === null) return;
    this.vanish(true);
  }

  /** The network of the latest connection goes away. */
  vanish(heard: boolean): void {
    const tab = this.#tab;
    if (tab === null) return;
    tab.history.left = true;
    tab.socket.vanish(heard);
  }

  #hello(tab: Tab): void {
    const sent = this.#send(tab, 'hello', this.part?.hello() ?? {});
    this.process.after(WELCOME_WITHIN_MS, () => {
      if (sent.replies.length > 0 || tab.history.closedAt !== null) return;
      tab.history.left = true;
      tab.socket.vanish(true);
    });
  }

  #send(tab: Tab, t: string, d: Record<string, unknown>): Sent {
    const sent: Sent = { at: this.world.time.now, id: this.#nextId++, t, d, arrivedAt: null, replies: [] };
    tab.history.sent.push(sent);
    tab.socket.say(JSON.stringify({ t, id: sent.id, d }), (at) => (sent.arrivedAt = at));
    this.world.trace(this.name, `says ${t}`, { id: sent.id, ...d });
    return sent;
  }

  #heard(tab: Tab, text: string): void {
    const frame = JSON.parse(text) as Frame;
    const heard: Heard = { at: this.world.time.now, text, frame };
    tab.history.heard.push(heard);
    const isReply = frame.t === 'ok' || frame.t === 'err' || frame.t === 'welcome';
    if (frame.t !== 'hb') this.world.trace(this.name, `hears ${frame.t}`, { re: frame.re, s: frame.s, p: frame.p, d: frame.t === 'snapshot' ? frame.d.phase : frame.d });
    if (frame.t === 'welcome') this.#welcomed(tab, frame);
    if (frame.t === 'snapshot') this.position = { e: frame.e ?? '', s: frame.s ?? 0, p: frame.p ?? 0 };
    else if (!isReply && tab === this.#tab) {
      if (frame.s !== undefined) this.position = { ...this.position, s: frame.s };
      if (frame.p !== undefined) this.position = { ...this.position, p: frame.p };
    }
    if (frame.t === 'session.finished' || (frame.t === 'snapshot' && frame.d.phase === 'finished')) this.history.finished = heard;
    if (isReply) {
      const sent = tab.history.sent.find(({ id }) => id === frame.re);
      sent?.replies.push(heard);
      if (sent !== undefined) this.part?.replied(sent, heard);
    }
    this.part?.heard(heard);
  }

  #welcomed(tab: Tab, { d }: Frame): void {
    tab.welcomed = true;
    this.position = { e: d.e, s: d.s, p: d.p };
    this.token = d.resumeToken ?? this.token;
    this.history.playerId = d.playerId ?? null;
    this.#backOffMs = 100;
    this.world.sometimes.note(`${d.resume} resume`);
    if (tab === this.#tab) this.part?.welcomed();
  }

  #closed(tab: Tab, code: number): void {
    tab.history.closedAt = this.world.time.now;
    tab.history.closeCode = code;
    tab.welcomed = false;
    this.world.trace(this.name, 'is closed', { code });
    if (code === 4510) this.world.sometimes.note('superseded 4510');
    if (tab !== this.#tab) return;
    this.#tab = null;
    // 4006: its token is worth nothing any more, because it was sent away meanwhile.
    if (code === 4006 || (code >= 4500 && code < 5000)) {
      this.history.stopped = code;
      return;
    }
    const ms = Math.max(this.#backOffMs * this.chance.between(0.2, 1), this.#awayUntil - this.world.time.now);
    this.#backOffMs = Math.min(800, this.#backOffMs * 2);
    this.process.after(ms, () => {
      if (this.#tab === null) this.connect();
    });
  }
}
