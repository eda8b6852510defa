/**
 * One player as a good client plays: joins idempotently, resumes after a broken socket, sends an answer again with the
 * same id until it is acknowledged. Owns its socket and what it was told.
 */
import { WebSocket } from 'ws';
import type { AcknowledgedAnswer } from './audit.js';
import type { Chance } from './chance.js';

interface Frame {
  readonly t: string;
  readonly re?: number;
  readonly e?: string;
  readonly s?: number;
  readonly p?: number;
  readonly d: Record<string, unknown>;
}

interface OpenAnswer {
  readonly id: number;
  readonly qid: string;
  readonly answerId: string;
  readonly value: unknown;
  /** First sent, ms of performance.now; the acknowledgement latency counts from here. */
  readonly sentAt: number;
  timer?: NodeJS.Timeout;
}

export interface BotPlan {
  readonly wsUrl: string;
  readonly name: string;
  readonly chance: Chance;
  /** The value to answer with, or undefined to let the question pass. */
  choose(qid: string): unknown;
  /** How long to think, ms, at most what is left. */
  thinkMs(leftMs: number): number;
}

export interface BotListeners {
  acknowledged(answer: AcknowledgedAnswer, latencyMs: number): void;
  closed(code: number): void;
  /** The router sheds connections when too many come at once; the bot comes back with full jitter. */
  notAdmitted(): void;
  refused(code: number, name: string): void;
}

const resendMs = 5_000;

export class Bot {
  finished = false;
  standingsHash: string | undefined;
  joined = false;
  private socket: WebSocket | undefined;
  private nextId = 1;
  private playerId = '';
  private position: { e: string; s: number; p: number } | undefined;
  private resumeToken: string | undefined;
  private open: OpenAnswer | undefined;
  private thinking: NodeJS.Timeout | undefined;
  private attempts = 0;
  private stopped = false;

  constructor(
    private readonly plan: BotPlan,
    private readonly listeners: BotListeners,
  ) {}

  connect(): void {
    const socket = new WebSocket(this.plan.wsUrl, 'quiz.v1.json', { perMessageDeflate: false });
    this.socket = socket;
    let opened = false;
    socket.on('open', () => {
      opened = true;
      this.hello();
    });
    socket.on('message', (data: Buffer) => this.receive(JSON.parse(data.toString()) as Frame));
    socket.on('error', () => undefined);
    socket.on('close', (code: number) => this.broken(code, opened));
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.thinking);
    clearTimeout(this.open?.timer);
    this.socket?.close(1000);
  }

  private hello(): void {
    const resume = this.resumeToken && this.position ? { resume: { token: this.resumeToken, ...this.position } } : {};
    this.send({ t: 'hello', id: this.nextId++, d: { role: 'player', nickname: this.plan.name, joinId: `join-${this.plan.name}`, ...resume } });
  }

  private receive(frame: Frame): void {
    if (frame.s !== undefined && this.position) this.position.s = frame.s;
    if (frame.p !== undefined && this.position) this.position.p = frame.p;
    switch (frame.t) {
      case 'welcome':
        return this.welcomed(frame.d);
      case 'snapshot':
        return this.restored(frame);
      case 'question.opened':
        return this.opened(frame.d);
      case 'question.closed':
        clearTimeout(this.thinking);
        return;
      case 'ok':
        return this.accepted(frame);
      case 'err':
        return this.refused(frame);
      case 'session.finished':
        this.finished = true;
        this.standingsHash = frame.d['standingsHash'] as string;
        return;
      case 'session.cancelled':
        this.finished = true;
        return;
    }
  }

  private welcomed(d: Record<string, unknown>): void {
    this.attempts = 0;
    this.joined = true;
    this.playerId = d['playerId'] as string;
    this.resumeToken = d['resumeToken'] as string;
    this.position = { e: d['e'] as string, s: d['s'] as number, p: d['p'] as number };
    if (this.open) this.submit(this.open);
  }

  private restored(frame: Frame): void {
    this.position = { e: frame.e as string, s: frame.s as number, p: frame.p as number };
    const { phase, question } = frame.d as { phase: string; question?: { qid: string; opensAt: number; closesAt: number } };
    if (phase === 'finished' || phase === 'cancelled') this.finished = true;
    const me = frame.d['me'] as { answered?: { qid: string } } | undefined;
    if (phase === 'open' && question && me?.answered?.qid !== question.qid) this.opened(question as unknown as Record<string, unknown>);
  }

  private opened(d: Record<string, unknown>): void {
    const qid = d['qid'] as string;
    if (this.open?.qid === qid) return;
    clearTimeout(this.thinking);
    const value = this.plan.choose(qid);
    if (value === undefined) return;
    const limitMs = (d['closesAt'] as number) - (d['opensAt'] as number);
    const leadMs = 400;
    this.thinking = setTimeout(() => {
      clearTimeout(this.open?.timer);
      this.open = { id: this.nextId++, qid, answerId: `${this.plan.name}-${qid}`, value, sentAt: performance.now() };
      this.submit(this.open);
    }, leadMs + this.plan.thinkMs(limitMs));
  }

  private submit(answer: OpenAnswer): void {
    this.send({ t: 'answer.submit', id: answer.id, d: { answerId: answer.answerId, qid: answer.qid, value: answer.value } });
    clearTimeout(answer.timer);
    answer.timer = setTimeout(() => this.submit(answer), resendMs);
  }

  private accepted(frame: Frame): void {
    const answer = this.open;
    if (!answer || frame.re !== answer.id) return;
    this.settle();
    const { receivedAt, value } = frame.d as { receivedAt: number; value?: unknown };
    const acknowledged = { playerId: this.playerId, qid: answer.qid, answerId: answer.answerId, value: value ?? answer.value, receivedAt };
    this.listeners.acknowledged(acknowledged, performance.now() - answer.sentAt);
  }

  private refused(frame: Frame): void {
    const { code, name, retry, retryAfterMs } = frame.d as { code: number; name: string; retry: boolean; retryAfterMs?: number };
    const answer = this.open;
    if (answer && frame.re === answer.id && retry) {
      clearTimeout(answer.timer);
      answer.timer = setTimeout(() => this.submit(answer), retryAfterMs ?? 500);
      return;
    }
    if (answer && frame.re === answer.id) this.settle();
    this.listeners.refused(code, name);
  }

  private settle(): void {
    clearTimeout(this.open?.timer);
    this.open = undefined;
  }

  private broken(code: number, opened: boolean): void {
    this.socket = undefined;
    if (this.stopped || this.finished) return;
    if (opened) this.listeners.closed(code);
    else this.listeners.notAdmitted();
    if (code >= 4500) return;
    this.attempts += 1;
    // Full jitter, so that thousands do not come back in the same instant.
    setTimeout(() => this.stopped || this.connect(), this.plan.chance.fraction() * Math.min(10_000, 250 * 2 ** this.attempts));
  }

  private send(frame: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }
}
