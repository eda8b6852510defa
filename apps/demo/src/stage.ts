/** The demo's seat in the audience: a presenter's socket that follows the quiz and tells what happens. Comes back when it breaks. */
import { WebSocket } from 'ws';

export interface BoardRow {
  readonly rank: number;
  readonly nickname: string;
  readonly score: number;
}

export interface StageState {
  phase: string;
  qid: string | undefined;
  n: number;
  of: number;
  text: string;
  opensAt: number;
  closesAt: number;
  answered: number;
  eligible: number;
  extendedMs: number;
  stalled: boolean;
  top: readonly BoardRow[];
  podium: readonly BoardRow[];
  reconnects: number;
}

type Message = { readonly t: string; readonly d: never };

const phaseAfter: Readonly<Record<string, string>> = {
  'session.started': 'starting',
  'question.preview': 'preview',
  'question.opened': 'open',
  'question.closed': 'closed',
  'question.revealed': 'revealed',
  'session.finished': 'finished',
  'session.cancelled': 'cancelled',
};

export class Stage {
  readonly state: StageState = {
    phase: 'lobby', qid: undefined, n: 0, of: 0, text: '', opensAt: 0, closesAt: 0, answered: 0, eligible: 0,
    extendedMs: 0, stalled: false, top: [], podium: [], reconnects: 0,
  };
  private socket: WebSocket | undefined;
  private stopped = false;

  constructor(
    private readonly wsUrl: string,
    private readonly token: string,
    private readonly happened: (t: string) => void,
  ) {}

  connect(): void {
    const socket = new WebSocket(this.wsUrl, 'quiz.v1.json');
    this.socket = socket;
    socket.on('open', () => socket.send(JSON.stringify({ t: 'hello', id: 1, d: { role: 'presenter', token: this.token } })));
    socket.on('message', (data: Buffer) => this.receive(JSON.parse(data.toString()) as Message));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.stopped || this.state.phase === 'finished') return;
      this.state.reconnects += 1;
      setTimeout(() => this.connect(), 250);
    });
  }

  stop(): void {
    this.stopped = true;
    this.socket?.close(1000);
  }

  private receive({ t, d }: Message): void {
    const state = this.state;
    state.phase = phaseAfter[t] ?? state.phase;
    if (t === 'snapshot') {
      const snapshot = d as { phase: string; quiz: { total: number }; question?: StageState };
      state.phase = snapshot.phase;
      state.of = snapshot.quiz.total;
    }
    if (t === 'question.opened') Object.assign(state, pick(d, ['qid', 'n', 'of', 'text', 'opensAt', 'closesAt']), { answered: 0, extendedMs: 0 });
    if (t === 'question.extended') {
      state.closesAt = (d as StageState).closesAt;
      state.extendedMs += (d as { byMs: number }).byMs;
    }
    if (t === 'question.progress' || t === 'question.closed') Object.assign(state, pick(d, ['answered', 'eligible']));
    if (t === 'session.stalled') state.stalled = true;
    if (t === 'session.unstalled' || t === 'question.extended') state.stalled = false;
    if (t === 'leaderboard') state.top = (d as { top: readonly BoardRow[] }).top;
    if (t === 'session.finished') state.podium = (d as { podium: readonly BoardRow[] }).podium;
    this.happened(t);
  }
}

function pick(from: object, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(from).filter(([key]) => keys.includes(key)));
}
