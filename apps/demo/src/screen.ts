/** The live view: redrawn in place on a terminal, a line for each step elsewhere. */
import type { Latencies } from './latency.js';
import type { BoardRow, StageState } from './stage.js';

export interface ScreenFacts {
  readonly sessionId: string;
  readonly players: number;
  readonly connected: number;
  readonly latencies: Latencies;
  readonly note: string;
  readonly stage: StageState;
}

const clearBelow = '\x1b[J';
const up = (lines: number) => (lines > 0 ? `\x1b[${lines}A\r` : '');
export const ms = (value: number | null) => (value === null ? '–' : `${value.toFixed(1)} ms`);
export const boardLines = (rows: readonly BoardRow[], count: number) =>
  rows.slice(0, count).map((row) => `  ${String(row.rank).padStart(3)}.  ${row.nickname.padEnd(22)} ${String(row.score).padStart(8)}`);

/** One picture of the running quiz, as lines. */
export function picture(facts: ScreenFacts, nowMs: number): string[] {
  const { stage, latencies } = facts;
  const share = stage.eligible > 0 ? stage.answered / stage.eligible : 0;
  const bar = '█'.repeat(Math.round(share * 30)).padEnd(30, '░');
  return [
    `Ringmaster   session ${facts.sessionId}   ${facts.connected}/${facts.players} connected${stage.stalled ? '   STALLED' : ''}`,
    `question ${stage.n}/${stage.of}   ${stage.phase}${stage.extendedMs > 0 ? ` (+${Math.round(stage.extendedMs)} ms for an outage)` : ''}`,
    `  ${stage.text.slice(0, 70)}`,
    `  ${bar} ${stage.answered}/${stage.eligible}`,
    `answers ${latencies.perSecond(nowMs)}/s   acknowledged ${latencies.count}   p50 ${ms(latencies.percentile(0.5))}   p99 ${ms(latencies.percentile(0.99))}`,
    ...boardLines(stage.top, 5),
    ...(facts.note ? [facts.note] : []),
  ];
}

export class Screen {
  private drawn = 0;

  constructor(private readonly out: NodeJS.WriteStream) {}

  draw(lines: readonly string[]): void {
    if (!this.out.isTTY) return;
    const width = this.out.columns;
    this.out.write(up(this.drawn) + clearBelow + lines.map((line) => line.slice(0, width)).join('\n') + '\n');
    this.drawn = lines.length;
  }

  /** A line that stays: above the live view on a terminal, as it is elsewhere. */
  say(line: string): void {
    this.out.write((this.out.isTTY ? up(this.drawn) + clearBelow : '') + line + '\n');
    this.drawn = 0;
  }
}
