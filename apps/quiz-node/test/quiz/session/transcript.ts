/**
 * Quizzes as text: a file of steps, each followed by what came of it. The steps are carried out again and the whole text must come out the same.
 * `UPDATE_TRANSCRIPTS=1` writes what came out; read the difference before you believe it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { HostArgs, HostOrder } from '../../../src/quiz/commands.js';
import type { AnswerValue, Deck, KeyValue } from '../../../src/quiz/definition.js';
import type { Output } from '../../../src/quiz/outputs.js';
import { World } from './world.js';
import type { Turn } from './world.js';

function json(value: unknown): string {
  return JSON.stringify(value);
}

function outputLine(output: Output): string[] {
  switch (output.kind) {
    case 'shared': return [`  all s=${output.s} ${output.t} ${json(output.d)}`];
    case 'private': return [`  ${output.playerId} p=${output.p} ${output.t} ${json(output.d)}`];
    case 'each': return output.items.map(({ playerId, p, d }) => `  ${playerId} p=${p} ${output.t} ${json(d)}`);
    case 'disconnect': return [`  ${output.playerId} disconnected with ${output.closeCode}`];
    case 'ended': return ['  ended'];
    case 'retired': return ['  retired'];
    case 'lobbyChanged': case 'progress': case 'standingsChanged': return [];
  }
}

function replyLine(reply: Turn['reply']): string {
  if (reply === 'stash') return '  held';
  if (!reply.ok) return `  refused ${reply.code}${reply.extra === undefined ? '' : ` ${json(reply.extra)}`}`;
  const { ok: _ok, ...rest } = reply;
  return `  ok ${json(rest)}`;
}

/** `words` of a step, with JSON arguments kept whole. */
function words(step: string): string[] {
  return step.match(/\S*[[{"][^\n]*?[\]}"](?=\s|$)|\S+/g) ?? [];
}

function option(args: readonly string[], name: string): number | undefined {
  const found = args.find((arg) => arg.startsWith(`${name}=`));
  return found === undefined ? undefined : Number(found.slice(name.length + 1));
}

function act(world: World, verb: string, args: string[]): Turn {
  const [first = '', second = '', third = ''] = args;
  const recvAt = option(args, 'recv') ?? world.now;
  switch (verb) {
    case 'join': return world.join(first, second === '' ? undefined : second);
    case 'answer': {
      const answerId = args.find((arg) => arg.startsWith('id='))?.slice(3);
      return world.answer(first, second, JSON.parse(third) as AnswerValue, { recvAt, creditMs: option(args, 'credit') ?? 0, ...(answerId !== undefined && { answerId }) });
    }
    case 'host': return world.host(first as HostOrder, (second.startsWith('{') ? JSON.parse(second) : {}) as HostArgs, { recvAt });
    case 'leave': return world.turn({ type: 'leave', playerId: first, recvAt });
    case 'rename': return world.turn({ type: 'setNickname', playerId: first, nickname: second, recvAt });
    case 'unban': return world.turn({ type: 'unban', playerId: first, recvAt });
    case 'correct': return world.turn({ type: 'correctKey', qid: first, key: JSON.parse(second) as KeyValue, reason: 'typing error', recvAt });
    case 'outage': return world.turn({ type: 'outage', from: Number(first), to: Number(second) });
    case 'closeIfAll': return world.turn({ type: 'closeIfAll', gone: new Set(args), present: true });
    case 'wait': return { events: [], outputs: [], reply: { ok: true, type: 'done' } };
    default: throw new Error(`no such step: ${verb}`);
  }
}

/** The steps of `text` with what comes of them now. */
export function retold(text: string, deck: Deck): string {
  const settings = JSON.parse(/^settings (.*)$/m.exec(text)?.[1] ?? '{}') as object;
  const world = new World(deck, settings);
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('  ')) continue;
    lines.push(line);
    const step = /^(\d+) (\S+) ?(.*)$/.exec(line);
    if (step === null) continue;
    const [, time = '0', verb = '', rest = ''] = step;
    const before = world.until(Number(time));
    const held = world.unstashedReplies.length;
    const turn = act(world, verb, words(rest));
    lines.push(...before.outputs.flatMap(outputLine), ...turn.outputs.flatMap(outputLine));
    if (verb !== 'wait') lines.push(replyLine(turn.reply));
    for (const reply of world.unstashedReplies.slice(held)) lines.push(`  then${replyLine(reply).slice(1)}`);
  }
  return lines.join('\n');
}

export function retell(path: string, deck: Deck): { readonly written: string; readonly now: string } {
  const written = readFileSync(path, 'utf8');
  const now = retold(written, deck);
  if (process.env['UPDATE_TRANSCRIPTS'] === '1') writeFileSync(path, now);
  return { written: process.env['UPDATE_TRANSCRIPTS'] === '1' ? now : written, now };
}
