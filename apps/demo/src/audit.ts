/** The demo's verdict: is every answer that was acknowledged in the report, as it was acknowledged, once? Pure. */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

export interface AcknowledgedAnswer {
  readonly playerId: string;
  readonly qid: string;
  readonly answerId: string;
  readonly value: unknown;
  readonly receivedAt: number;
}

export interface ReportAnswer extends AcknowledgedAnswer {
  readonly outcome: string | null;
  readonly points: number | null;
}

export interface ReportPlayer {
  readonly playerId: string;
  readonly nickname: string;
  readonly score: number;
  readonly rank: number | null;
  readonly correct: number;
  readonly sumE: number;
}

export interface Report {
  readonly players: readonly ReportPlayer[];
  readonly answers: readonly ReportAnswer[];
  readonly standingsHash: string;
}

export interface Verdict {
  readonly acknowledged: number;
  readonly reported: number;
  readonly lost: number;
  readonly changed: number;
  readonly double: number;
  /** The report's hash is that of its own rows. */
  readonly hashHolds: boolean;
  readonly ok: boolean;
}

const place = (answer: { playerId: string; qid: string }) => `${answer.playerId} ${answer.qid}`;

export function audit(acknowledged: readonly AcknowledgedAnswer[], report: Report): Verdict {
  const reported = new Map<string, ReportAnswer>();
  let double = 0;
  for (const answer of report.answers) {
    if (reported.has(place(answer))) double += 1;
    reported.set(place(answer), answer);
  }
  let lost = 0;
  let changed = 0;
  for (const answer of acknowledged) {
    const kept = reported.get(place(answer));
    if (!kept) lost += 1;
    else if (kept.answerId !== answer.answerId || kept.receivedAt !== answer.receivedAt || !isDeepStrictEqual(kept.value, answer.value)) changed += 1;
  }
  const hashHolds = standingsHash(report.players) === report.standingsHash;
  const ok = lost === 0 && changed === 0 && double === 0 && hashHolds;
  return { acknowledged: acknowledged.length, reported: report.answers.length, lost, changed, double, hashHolds, ok };
}

/** As protocol.md defines it, written again here on purpose: a check that shares no code with what it checks. */
function standingsHash(players: readonly ReportPlayer[]): string {
  const rows = players
    .filter((player) => player.rank !== null)
    .map((player) => [player.rank as number, player.playerId, player.score, player.correct, player.sumE] as const)
    .sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1));
  // Arrays of strings and integers: their JSON is already in RFC 8785 form.
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
}
