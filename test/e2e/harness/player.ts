/**
 * A client of the protocol that takes nothing on trust: it records every frame, and `StrictReader` checks each. Sockets come and go; the player stays.
 * A test reads it like a transcript: `sees(t)` is the next frame of that type that the test has not seen yet, whether it came already or not.
 */
import { WebSocket } from 'ws';
import type { ClientPayload, ClientType, OkPayload, ServerPayload, ServerType } from '@ringmaster/protocol';
import { StrictReader, type Frame, type Position } from './strict.js';
import { Waiting } from './waiting.js';

export const PATIENCE_MS = 8_000;

export type Seen<T extends ServerType> = Omit<Frame, 'd' | 't'> & { readonly t: T; readonly d: ServerPayload<T> };
type Command = Exclude<ClientType, 'hello'>;
type Refusal = ServerPayload<'err'>;
export interface Closed {
  readonly code: number;
  readonly reason: string;
}

const open = new Set<Client>();

/** For `afterEach`: every client of the test is closed, and what any of them saw against the rules is thrown. */
export function closeClients(): void {
  const clients = [...open];
  open.clear();
  for (const client of clients) client.drop();
  for (const client of clients) client.check();
}

export class Client {
  /** Everything that came, over all connections, as text and as read. */
  readonly texts: string[] = [];
  readonly frames: Frame[] = [];
  resumeToken: string | undefined;
  playerId = '';
  private socket!: WebSocket;
  private reader = new StrictReader(null, null);
  private violation: Error | null = null;
  private readonly waiting = new Waiting(() => `${this.name} got:\n${this.texts.slice(-12).join('\n')}`);
  private readonly seen = new Map<string, number>();
  private readonly closes: Closed[] = [];
  private ids = 0;

  private constructor(
    readonly name: string,
    readonly url: string,
  ) {
    open.add(this);
  }

  /** A socket without a hello. @throws when the upgrade is refused */
  static async connect(baseUrl: string, sessionId: string, name = 'client'): Promise<Client> {
    const client = new Client(name, `${baseUrl.replace('http', 'ws')}/v1/play/${sessionId}`);
    await client.connectAgain(null);
    return client;
  }

  static async join(baseUrl: string, sessionId: string, nickname: string, joinId = `join-${nickname}`): Promise<Client> {
    const client = await Client.connect(baseUrl, sessionId, nickname);
    await client.welcomed({ role: 'player', nickname, joinId });
    return client;
  }

  static async as(role: 'host' | 'presenter' | 'spectator', baseUrl: string, sessionId: string, token?: string): Promise<Client> {
    const client = await Client.connect(baseUrl, sessionId, role);
    await client.welcomed({ role, ...(token !== undefined && { token }) });
    return client;
  }

  get position(): Position {
    return this.reader.position as Position;
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** Another socket; says nothing on it yet. `resumed` is the position that the hello will name. */
  async connectAgain(resumed: Position | null): Promise<void> {
    const reader = new StrictReader(this.reader.position, resumed);
    const socket = new WebSocket(this.url, 'quiz.v1.json');
    this.reader = reader;
    this.socket = socket;
    this.waiting.goOn();
    socket.on('message', (data, isBinary) => {
      if (this.socket === socket) this.receive(String(data), isBinary);
    });
    socket.on('close', (code, reason) => {
      if (this.socket !== socket) return;
      this.closes.push({ code, reason: String(reason) });
      this.waiting.fail(`the socket closed with ${code} ${String(reason)}\n${this.name} got:\n${this.texts.slice(-12).join('\n')}`);
    });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  }

  /** Says hello and waits for the welcome. @throws when it is refused */
  async welcomed(d: ClientPayload<'hello'>): Promise<ServerPayload<'welcome'>> {
    const reply = await this.hello(d);
    if (reply.t !== 'welcome') throw new Error(`${this.name} is not welcome: ${JSON.stringify(reply)}`);
    return reply.d as ServerPayload<'welcome'>;
  }

  async hello(d: ClientPayload<'hello'>): Promise<Frame> {
    const reply = await this.reply(this.send('hello', d));
    if (reply.t === 'welcome') {
      const { playerId, resumeToken } = reply.d as ServerPayload<'welcome'>;
      this.playerId = playerId ?? '';
      this.resumeToken = resumeToken;
    }
    return reply;
  }

  /** Comes back with the resume token, on a new socket. */
  async resume(from: Position = this.position): Promise<ServerPayload<'welcome'>> {
    await this.connectAgain(from);
    return this.welcomed({ role: 'player', resume: { token: this.resumeToken ?? '', ...from } });
  }

  /** Sends a command and does not wait. @returns its id */
  send<T extends ClientType>(t: T, d: ClientPayload<T>): number {
    this.ids += 1;
    this.sendText(JSON.stringify({ t, id: this.ids, d }), { id: this.ids, t });
    return this.ids;
  }

  /** Whatever it is. `answered` says which reply the reader shall expect: one to this id, one without `re`, or none. */
  sendText(frame: string | Uint8Array, answered: { id: number; t: ClientType } | 'without re' | 'never' = 'without re'): void {
    if (answered === 'without re') this.reader.sentUnreadable();
    else if (answered !== 'never') this.reader.sent(answered.id, answered.t);
    this.socket.send(frame);
  }

  async reply(id: number, withinMs = PATIENCE_MS): Promise<Frame> {
    return this.waiting.until(() => this.frames.find(({ re }) => re === id), withinMs, `reply to ${id} for ${this.name}`);
  }

  async ok<T extends Command>(t: T, d: ClientPayload<T>): Promise<OkPayload<T>> {
    const reply = await this.reply(this.send(t, d));
    if (reply.t !== 'ok') throw new Error(`${this.name}: ${t} ${JSON.stringify(d)} was refused: ${JSON.stringify(reply)}`);
    return reply.d as OkPayload<T>;
  }

  async err<T extends Command>(t: T, d: ClientPayload<T>): Promise<Refusal> {
    const reply = await this.reply(this.send(t, d));
    if (reply.t !== 'err') throw new Error(`${this.name}: ${t} ${JSON.stringify(d)} was not refused: ${JSON.stringify(reply)}`);
    return reply.d as Refusal;
  }

  answer(qid: string, value: ClientPayload<'answer.submit'>['value'], answerId = `${this.name}-${qid}`): Promise<OkPayload<'answer.submit'>> {
    return this.ok('answer.submit', { answerId, qid, value });
  }

  async sees<T extends ServerType>(t: T, fits: (frame: Seen<T>) => boolean = () => true, withinMs = PATIENCE_MS): Promise<Seen<T>> {
    const find = (): number | undefined => {
      const from = this.seen.get(t) ?? 0;
      const index = this.frames.findIndex((frame, at) => at >= from && frame.t === t && fits(frame as unknown as Seen<T>));
      return index < 0 ? undefined : index;
    };
    const index = await this.waiting.until(find, withinMs, `${t} for ${this.name}`);
    this.seen.set(t, index + 1);
    return this.frames[index] as unknown as Seen<T>;
  }

  /** All frames of a type that came so far. */
  got<T extends ServerType>(t: T): readonly Seen<T>[] {
    return this.frames.filter((frame) => frame.t === t) as unknown as readonly Seen<T>[];
  }

  async closed(withinMs = PATIENCE_MS): Promise<Closed> {
    const count = this.closes.length;
    const find = () => (this.socket.readyState === WebSocket.CLOSED ? this.closes.at(-1) : undefined);
    if (find() === undefined) await this.waiting.until(() => this.closes[count], withinMs, `close for ${this.name}`);
    return find() as Closed;
  }

  /** The network is gone, without a word. */
  drop(): void {
    this.socket.removeAllListeners();
    this.socket.on('error', () => undefined);
    this.socket.terminate();
  }

  /** @throws what was seen against the rules */
  check(): void {
    if (this.violation) throw this.violation;
  }

  /** The offset between this client's clock (`now`) and session time, by `sync`. */
  async clockOffset(now: () => number): Promise<number> {
    const t0 = now();
    const { t1, t2 } = await this.ok('sync', { t0 });
    return (t1 - t0 + (t2 - now())) / 2;
  }

  private receive(text: string, isBinary: boolean): void {
    this.texts.push(text);
    try {
      if (isBinary) throw new Error(`a binary frame: ${text}`);
      this.frames.push(this.reader.read(text));
      this.waiting.look();
    } catch (error) {
      this.violation ??= new Error(`${this.name}: ${(error as Error).message}\nafter:\n${this.texts.slice(-6, -1).join('\n')}`);
      this.waiting.fail(this.violation.message);
    }
  }
}

/** What all of them were told is the same, to the byte. @throws when two saw another message under one `s` */
export function agree(clients: readonly Client[]): void {
  const shared = new Map<number, string>();
  for (const client of clients) {
    client.frames.forEach((frame, index) => {
      if (frame.s === undefined || frame.t === 'snapshot') return;
      const text = client.texts[index] as string;
      const other = shared.get(frame.s);
      if (other !== undefined && other !== text) throw new Error(`${client.name} saw ${text}, another one ${other}`);
      shared.set(frame.s, text);
    });
  }
}
