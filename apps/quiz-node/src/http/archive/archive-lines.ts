/**
 * An archive as text: a line about the session with its deck, then a line for each turn. Secrets are not in it: a finished session has no use for them, and
 * whoever replays it does not need them.
 */
import { EVENT_VERSION, type Event } from '../../quiz/events.js';
import type { Deck } from '../../quiz/definition.js';
import { readEvent, type SessionTurn } from '../../session/session-log.js';

const FORMAT = 1;
const REDACTED = 'redacted';
const secretFields = ['sessionSecret', 'hostTokenSha256', 'presenterTokenSha256'] as const;
/** In place of what was redacted, so that the fold finds fields of the right form. */
const NO_SECRET = '0'.repeat(64);

export interface ArchiveHeader {
  readonly sessionId: string;
  readonly owner: string;
  readonly shard: number;
  readonly deck: Deck;
}

export interface OpenArchive {
  readonly header: ArchiveHeader;
  readonly turns: AsyncIterable<SessionTurn>;
}

/** For exports: nothing that opens anything is in it. */
export function redacted(event: Event): Event {
  if (event.type !== 'session.created') return event;
  return { ...event, ...Object.fromEntries(secretFields.map((field) => [field, REDACTED])) };
}

function withoutRedaction(event: Event): Event {
  if (event.type !== 'session.created' || event.sessionSecret !== REDACTED) return event;
  return { ...event, ...Object.fromEntries(secretFields.map((field) => [field, NO_SECRET])) };
}

export async function* archiveLines(header: ArchiveHeader, turns: AsyncIterable<SessionTurn>): AsyncGenerator<string> {
  yield `${JSON.stringify({ archive: FORMAT, ...header })}\n`;
  for await (const { n, epoch, at, events } of turns) yield `${JSON.stringify({ n, epoch, at, v: EVENT_VERSION, events: events.map(redacted) })}\n`;
}

/** @throws Error for what this release cannot read */
export async function openArchive(lines: AsyncIterable<string>): Promise<OpenArchive> {
  const iterator = lines[Symbol.asyncIterator]();
  const first = await iterator.next();
  const { archive, ...header } = (first.done === true ? {} : JSON.parse(first.value)) as { readonly archive?: number } & ArchiveHeader;
  if (archive !== FORMAT) throw new Error(`an archive of format ${archive}; this release reads ${FORMAT}`);
  return { header, turns: turnsOf({ [Symbol.asyncIterator]: () => iterator }) };
}

async function* turnsOf(lines: AsyncIterable<string>): AsyncGenerator<SessionTurn> {
  for await (const line of lines) {
    const { n, epoch, at, v, events } = JSON.parse(line) as SessionTurn & { readonly v: number };
    yield { n, epoch, at, events: events.map((event) => withoutRedaction(readEvent(event, v))) };
  }
}

/** The lines of a text that comes in pieces. */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}
