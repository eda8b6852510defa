/**
 * A host: starts the quiz, leads it from question to question where it does not go by itself, and sometimes uses what else a host may do. Owns the one
 * command that waits for a reply; it is sent again with its cmdId until somebody answers.
 */
import type { Heard, Sent } from './history.js';
import type { Part, Person } from './person.js';
import type { Supervisor } from './supervisor.js';

export interface HostStyle {
  readonly startAfterMs: number;
  /** The quiz goes on by itself. */
  readonly leads: boolean;
  /** How likely an order is given that nobody needs. */
  readonly whims: number;
}

const RESEND_MS = 1_500;
const LOOK_MS = 900;

interface Order {
  readonly cmdId: string;
  readonly cmd: string;
  readonly args?: Record<string, unknown>;
}

export class Host implements Part {
  readonly role = 'host';
  #phase = '';
  #paused = false;
  #pending: Order | null = null;
  #lastSent: Sent | null = null;
  #orders = 0;
  #started = false;
  #greeted = false;
  #ripe = false;
  #whimsOf = '';
  #qid = 'q1';

  constructor(
    private readonly person: Person,
    private readonly token: string,
    private readonly style: HostStyle,
    private readonly supervisor: Supervisor,
    /** Ids of players who are in, as far as known. */
    private readonly players: () => readonly string[],
  ) {
    this.#look();
  }

  hello(): Record<string, unknown> {
    return { role: 'host', token: this.token };
  }

  welcomed(): void {
    if (!this.#greeted) {
      this.#greeted = true;
      this.person.process.after(this.style.startAfterMs, () => {
        this.#ripe = true;
        this.#act();
      });
    }
    if (this.#pending !== null) this.#send(this.#pending);
  }

  heard({ frame }: Heard): void {
    const phase = PHASE_OF[frame.t];
    if (frame.t === 'snapshot') {
      this.#phase = frame.d.phase;
      this.#paused = frame.d.paused;
    } else if (phase !== undefined) this.#phase = phase;
    if (frame.t === 'question.opened') this.#qid = frame.d.qid;
    if (frame.t === 'question.revealed') this.supervisor.revealed(frame.d.qid);
    if (frame.t === 'question.opened') this.supervisor.opened();
    if (frame.t === 'session.paused') this.#paused = true;
    if (frame.t === 'session.resumed') this.#paused = false;
    if (frame.t === 'snapshot' || phase !== undefined || frame.t.startsWith('session.')) this.#act();
  }

  replied(sent: Sent, { frame }: Heard): void {
    const order = this.#pending;
    if (sent.t !== 'host.cmd' || order === null || sent.d['cmdId'] !== order.cmdId) return;
    if (frame.t === 'err' && (frame.d.code >= 500 || frame.d.code === 110)) return void this.person.process.after(300, () => this.#again(order));
    this.#pending = null;
    if (frame.t === 'ok') {
      if (frame.d.phase !== 'paused') this.#phase = frame.d.phase;
      this.#paused = frame.d.phase === 'paused';
      this.#act();
    } else this.person.say('resync', {});
  }

  #act(): void {
    if (this.#pending !== null || !this.person.online) return;
    const { chance } = this.person;
    const order = this.#next();
    if (order === null) return;
    this.#pending = { cmdId: `${this.person.name}-${++this.#orders}`, ...order };
    const pending = this.#pending;
    this.person.process.after(chance.between(10, 250), () => this.#send(pending));
  }

  #next(): Omit<Order, 'cmdId'> | null {
    const { leads } = this.style;
    if (this.#paused) return { cmd: 'resume' };
    switch (this.#phase) {
      case 'lobby':
        if (!this.#ripe || this.#started) return null;
        this.#started = true;
        return { cmd: 'start' };
      case 'preview':
        return this.#whim(['next', 'pause', 'lock', 'unlock']);
      case 'open':
        return this.#whim(['pause', 'extend', 'close', 'skip', 'lock', 'kick', 'ban', 'void']);
      case 'revealed':
        return leads ? { cmd: this.person.chance.odds(0.3) ? 'leaderboard' : 'next' } : this.#whim(['pause', 'leaderboard', 'kick']);
      case 'leaderboard':
        return leads ? { cmd: 'next' } : null;
      case 'podium':
        return leads ? { cmd: 'end' } : null;
      default:
        return null;
    }
  }

  /** At most one a phase of a question. */
  #whim(from: readonly string[]): Omit<Order, 'cmdId'> | null {
    const { chance, position } = this.person;
    const key = `${this.#phase} ${position.s}`;
    if (key === this.#whimsOf) return null;
    this.#whimsOf = key;
    if (!chance.odds(this.style.whims)) return null;
    const cmd = chance.pick(from);
    switch (cmd) {
      case 'extend':
        return { cmd, args: { ms: chance.whole(100, 800) } };
      case 'void':
        return { cmd, args: { qid: this.#qid } };
      case 'kick':
      case 'ban': {
        const ids = this.players();
        return ids.length < 2 ? null : { cmd, args: { playerId: chance.pick(ids) } };
      }
      default:
        return { cmd };
    }
  }

  #send(order: Order): void {
    if (this.#pending !== order) return;
    const sent = this.person.say('host.cmd', { ...order });
    if (sent === undefined) return;
    this.#lastSent = sent;
    this.person.process.after(RESEND_MS, () => {
      if (this.#lastSent === sent) this.#again(order);
    });
  }

  #again(order: Order): void {
    if (this.#pending === order) this.#send(order);
  }

  /** What it has missed may be why nothing goes on. */
  #look(): void {
    this.person.process.after(LOOK_MS, () => {
      if (this.#phase === 'lobby' && this.#ripe) this.#started = this.#pending !== null;
      if (this.#pending === null && this.style.leads) this.person.say('resync', {});
      this.#act();
      if (this.person.history.finished === null && this.person.history.stopped === null) this.#look();
    });
  }
}

const PHASE_OF: Readonly<Record<string, string>> = {
  'session.started': 'starting',
  'question.preview': 'preview',
  'question.opened': 'open',
  'question.closed': 'closed',
  'question.revealed': 'revealed',
  'session.finished': 'finished',
  'session.cancelled': 'cancelled',
};
