/** A player and a host of our protocol, as far as a load generator needs them. */
import { clientFrame } from './frames.js';
import type { Member } from './crowd.js';
import { WireSocket } from './socket.js';

export interface QuizMessage {
  readonly t: string;
  readonly re?: number;
  readonly s?: number;
  readonly p?: number;
  readonly d: Readonly<Record<string, unknown>>;
}

export const read = (payload: Buffer): QuizMessage => JSON.parse(payload.toString()) as QuizMessage;

/** Whether a message is of type `t`, without parsing it: `t` stands first. */
export function isType(payload: Buffer, t: string): boolean {
  return payload.length > t.length + 7 && payload.toString('latin1', 6, 7 + t.length) === `${t}"`;
}

const PROTOCOL = 'quiz.v1.json';

async function greet(port: number, sessionId: string, d: object, received: (payload: Buffer) => void): Promise<Member> {
  const wire = await WireSocket.open(port, `/v1/play/${sessionId}`, PROTOCOL);
  return new Promise((resolve, reject) => {
    let playerId = '';
    wire.onClose = (code) => reject(new Error(`closed with ${code} before the welcome`));
    wire.onText = (payload) => {
      if (isType(payload, 'welcome')) playerId = String(read(payload).d['playerId'] ?? '');
      else if (isType(payload, 'err')) reject(new Error(payload.toString()));
      else if (isType(payload, 'snapshot')) {
        wire.onText = received;
        resolve({ wire, playerId });
      }
    };
    wire.write(clientFrame(JSON.stringify({ t: 'hello', id: 1, d })));
  });
}

export function joinQuiz(port: number, sessionId: string, nickname: string, received: (payload: Buffer) => void): Promise<Member> {
  return greet(port, sessionId, { role: 'player', nickname, joinId: `join-${nickname}` }, received);
}

/** Gives orders and waits for their replies. */
export class QuizHost {
  #id = 1;
  readonly #waiting = new Map<number, (message: QuizMessage) => void>();

  private constructor(private member: Member | null) {}

  static async connect(port: number, sessionId: string, token: string): Promise<QuizHost> {
    const host = new QuizHost(null);
    host.member = await greet(port, sessionId, { role: 'host', token }, (payload) => host.received(payload));
    host.member.wire.onClose = () => undefined;
    return host;
  }

  /** @throws when it is refused. */
  async order(cmd: string, args?: object): Promise<void> {
    const id = (this.#id += 1);
    const reply = await new Promise<QuizMessage>((resolve) => {
      this.#waiting.set(id, resolve);
      this.member?.wire.write(clientFrame(JSON.stringify({ t: 'host.cmd', id, d: { cmdId: `c${id}`, cmd, ...(args === undefined ? {} : { args }) } })));
    });
    if (reply.t !== 'ok') throw new Error(`${cmd}: ${JSON.stringify(reply.d)}`);
  }

  close(): void {
    this.member?.wire.destroy();
  }

  private received(payload: Buffer): void {
    if (!isType(payload, 'ok') && !isType(payload, 'err')) return;
    const message = read(payload);
    this.#waiting.get(message.re ?? -1)?.(message);
    this.#waiting.delete(message.re ?? -1);
  }
}
