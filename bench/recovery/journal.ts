/** A data folder as the product writes it, with a known number of events: sessions in which everybody has joined and answered one question that is still open. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Journal } from '@ringmaster/actors';
import { systemClock, systemRandom, systemTimers } from '@ringmaster/actors/adapters/system/clock';
import { readConfig } from '../../apps/quiz-node/src/config.js';
import { buildNode, type QuizNode } from '../../apps/quiz-node/src/node.js';
import { openPorts, type NodePorts } from '../../apps/quiz-node/src/ports.js';
import type { Command } from '../../apps/quiz-node/src/quiz/commands.js';
import { normaliseSettings } from '../../apps/quiz-node/src/quiz/deck/settings.js';
import type { Params } from '../harness/types.js';
import { deckOf, playerId } from '../scoring/session.js';
import { pause } from '../wire/until.js';

export const SHARDS = 256;
const AT_ONCE = 2_000;
const hex = (bytes: number): string => 'ab'.repeat(bytes);

export interface Written {
  readonly sessions: number;
  readonly players: number;
  readonly events: number;
}

export const sessionIdOf = (index: number): string => `R${index.toString().padStart(7, '0')}`;

export interface OpenNode extends QuizNode {
  readonly ports: NodePorts;
}

/**
 * A node on a folder.
 * @param journal in place of the folder's own
 * @throws what the folder's opening throws
 */
export async function openNode(folder: string, journal?: Journal): Promise<OpenNode> {
  const boot = Buffer.from(systemRandom.bytes(9)).toString('base64url');
  const timers = systemTimers({ keepAlive: true });
  const onFatal = (error: Error): never => {
    throw error;
  };
  const config = readConfig({ DATA_DIR: folder, SHARDS: String(SHARDS), LOG_LEVEL: 'silent' });
  const embedded = await openPorts(config, { boot, clock: systemClock, timers, random: systemRandom, onFatal, note: () => undefined, replaced: () => undefined });
  const ports = journal === undefined ? embedded : { ...embedded, journal, close: async () => void (await Promise.all([journal.close(), embedded.close()])) };
  const note = (event: string, about: Readonly<Record<string, unknown>>): void => {
    if (event !== 'link up') throw new Error(`${event} ${JSON.stringify(about)}`);
  };
  return { ports, ...buildNode(config, ports, { boot, clock: systemClock, timers, random: systemRandom, note, mayTrim: () => false }) };
}

export async function serves({ region }: OpenNode): Promise<void> {
  region.start();
  while (region.stats().owned < SHARDS) await pause(2);
}

/** @returns the folder; what is in it is in `written.json` beside it. */
export async function writeJournal(params: Params): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-bench-journal-'));
  await writeSessions(folder, await openNode(join(folder, 'data')), params);
  return folder;
}

/** Fills the node's journal, leaves `written.json` in the folder, and stops the node as a kill would: with everything in the journal alone. */
export async function writeSessions(folder: string, node: OpenNode, { sessions = 0, players = 0 }: Params): Promise<void> {
  await serves(node);
  let events = 0;
  const ask = async (sessionId: string, command: Command): Promise<void> => {
    const reply = await node.edge.desk.ask(sessionId, command, 'ordered');
    if (!reply.ok) throw new Error(`${command.type} was refused: ${reply.code}`);
    events += 1;
  };
  const everySession = async (make: (sessionId: string, player: number) => Command, count: number): Promise<void> => {
    let wave: Promise<void>[] = [];
    for (let at = 0; at < sessions * count; at += 1) {
      const sessionId = sessionIdOf(at % sessions);
      wave.push(ask(sessionId, make(sessionId, Math.floor(at / sessions))));
      if (wave.length < AT_ONCE) continue;
      await Promise.all(wave);
      wave = [];
    }
    await Promise.all(wave);
  };
  const deck = deckOf(1);
  const settings = normaliseSettings({ timing: { startMs: 0, readMs: 0 }, leadMs: 0, reveal: 'host' }, deck);
  if (!settings.ok) throw new Error('the settings are wrong');
  const now = (sessionId: string): number => node.edge.desk.now(sessionId);
  await everySession(
    (sessionId) => ({
      type: 'create', deck, settings: settings.settings, e: 'e1', sessionSecret: hex(32), hostTokenSha256: hex(32), presenterTokenSha256: hex(32), salts: [hex(32)], seed: 1, owner: 'local',
      recvAt: now(sessionId),
    }),
    1,
  );
  await everySession((sessionId, player) => ({ type: 'join', playerId: playerId(player), joinId: `join-${player}`, nickname: `player ${player}`, recvAt: now(sessionId) }), players);
  // One who never answers keeps the question open.
  await everySession((sessionId) => ({ type: 'join', playerId: 'idle', joinId: 'idle', nickname: 'idle', recvAt: now(sessionId) }), 1);
  await everySession((sessionId) => ({ type: 'host', cmdId: 'start', order: 'start', args: {}, recvAt: now(sessionId) }), 1);
  await everySession((sessionId, player) => ({ type: 'answer', playerId: playerId(player), answerId: `answer-${player}`, qid: 'q1', value: 'a', recvAt: now(sessionId), creditMs: 0 }), players);
  // A start is three events: started, previewed, opened.
  events += 2 * sessions;
  node.region.stop();
  await node.ports.close();
  writeFileSync(join(folder, 'written.json'), JSON.stringify({ sessions, players, events } satisfies Written));
}

/** @throws when a session did not come back as it was written */
export async function checkSessions(node: OpenNode, { sessions, players, events }: Written): Promise<string> {
  for (let index = 0; index < sessions; index += 1) {
    const found = await node.edge.desk.view(sessionIdOf(index), ({ players: { count }, runs }) => ({ count, answered: runs[0]?.answered }));
    if (found?.count !== players + 1 || found.answered !== players) throw new Error(`session ${index} came back as ${JSON.stringify(found)}`);
  }
  return `players and answers of all ${sessions} sessions, ${events.toLocaleString('en')} events`;
}

/** A copy that may be changed. */
export function copyOfJournal(folder: string): { readonly data: string; readonly written: Written; dispose(): void } {
  const copy = mkdtempSync(join(tmpdir(), 'ringmaster-bench-recovery-'));
  cpSync(join(folder, 'data'), copy, { recursive: true });
  return {
    data: copy,
    written: writtenIn(folder),
    dispose: () => rmSync(copy, { recursive: true, force: true }),
  };
}

export const writtenIn = (folder: string): Written => JSON.parse(readFileSync(join(folder, 'written.json'), 'utf8')) as Written;

/** What `prepare` of the case has left for its sides. @throws when it has not run. */
export function preparedFolder(): string {
  const folder = process.env['BENCH_PREPARED'];
  if (folder === undefined) throw new Error('BENCH_PREPARED names no folder');
  return folder;
}
