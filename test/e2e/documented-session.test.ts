/** The session by hand of docs/protocol.md, played line by line against the real programs. Ids, times and what follows from them may differ, nothing else. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { Product } from './harness/product.js';
import { root } from './harness/running.js';
import { Waiting } from './harness/waiting.js';

let product: Product;
beforeAll(async () => void (product = await Product.start()));
afterAll(async () => expect(await product.close()).toEqual([]));

type Json = Record<string, unknown>;

/** What no two runs share. */
const varying = new Set([
  'sessionId', 'playerId', 'resumeToken', 'e', 'at', 'serverTime', 'opensAt', 'closesAt', 'receivedAt', 'receipt', 'salt', 'commit', 'standingsHash',
  'elapsedMs', 'creditMs', 'medianMs', 'speed', 'total', 'score',
]);

function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, varying.has(key) ? `some ${typeof each}` : masked(each)]));
}

/** A bare socket that knows no protocol. */
class Terminal {
  private readonly printed: Json[] = [];
  private readonly waiting = new Waiting(() => JSON.stringify(this.printed.slice(-5)));
  private read = 0;
  closeCode: number | undefined;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      this.printed.push(JSON.parse(data.toString()) as Json);
      this.waiting.look();
    });
    socket.on('close', (code) => {
      this.closeCode = code;
      this.waiting.look();
    });
  }

  static open(url: string): Promise<Terminal> {
    return new Promise((resolve, reject) => {
      const terminal = new Terminal(new WebSocket(url, 'quiz.v1.json'));
      terminal.socket.once('open', () => resolve(terminal));
      terminal.socket.once('error', reject);
    });
  }

  type(line: string): void {
    this.socket.send(line);
  }

  /** The next frame; hints that the transcript does not show (no `s`, `p` or `re`) are passed over. */
  async next(t: unknown): Promise<Json> {
    const fits = (): Json | undefined => {
      while (this.read < this.printed.length) {
        const frame = this.printed[this.read++] as Json;
        if (frame['t'] === t || 's' in frame || 'p' in frame || 're' in frame) return frame;
      }
      return undefined;
    };
    return this.waiting.until(fits, 20_000, `${String(t)}`);
  }

  async closed(): Promise<number> {
    return this.waiting.until(() => this.closeCode, 20_000, 'close');
  }
}

it('goes as it is documented', async () => {
  const page = readFileSync(`${root}docs/protocol.md`, 'utf8');
  const transcript = /<!-- transcript: begin -->\n```text\n([\s\S]*?)```\n<!-- transcript: end -->/.exec(page)?.[1] as string;
  const quiz = JSON.parse(/-d '\n\s+(\{"title":"Two"[\s\S]*?\})'\n/.exec(page)?.[1] as string) as Json;
  const { settings } = JSON.parse(/(\{"quizId":"…","settings":[\s\S]*?\})'\n/.exec(page)?.[1] as string) as { settings: Json };
  const { wsUrl, hostToken } = await product.host.newSession(quiz, settings);

  const terminals = { Player: await Terminal.open(wsUrl), Host: undefined as Terminal | undefined };
  let who: keyof typeof terminals = 'Player';
  let typed = '';
  for (const line of transcript.trim().split('\n')) {
    if (line.startsWith('# Host')) who = 'Host';
    if (line.startsWith('# Player') || line.startsWith('# Everybody')) who = 'Player';
    const terminal = (terminals[who] ??= await Terminal.open(wsUrl));
    if (line.startsWith('> ')) terminal.type((typed = line.slice(2).replace('the-hostToken', hostToken)));
    else if (line.startsWith('< ')) {
      const expected = JSON.parse(line.slice(2)) as Json;
      let frame = await terminal.next(expected['t']);
      // No person types that fast: the question unlocks a moment later, and the reply says when.
      for (let d = frame['d'] as Json; d['code'] === 300; d = frame['d'] as Json) {
        await new Promise((resolve) => setTimeout(resolve, d['retryAfterMs'] as number));
        terminal.type(typed);
        frame = await terminal.next(expected['t']);
      }
      // The host hears what all hear as well; the transcript shows that once, with the player.
      while (who === 'Host' && frame['re'] !== expected['re']) frame = await terminal.next(expected['t']);
      // A host's first reply, the welcome, is left out.
      while (who === 'Host' && frame['t'] === 'welcome') frame = await terminal.next(expected['t']);
      expect(masked(frame)).toEqual(masked(expected));
    }
    const code = /code: (\d+)/.exec(line)?.[1];
    if (code !== undefined) expect(await terminal.closed()).toBe(Number(code));
  }
  expect(transcript.split('\n').filter((line) => line.startsWith('< ')).length).toBeGreaterThan(10);
}, 120_000);
