/** What happened in a session, event by event, and whether its scores follow from that. */
import { presentHash } from '../quiz/views/report.js';
import { replay, TrimmedError, type SessionTurn } from '../session/session-log.js';
import { redacted } from './archive/archive-lines.js';
import type { Histories } from './archive/histories.js';
import { Problem } from './problem.js';
import { Chunks, route, type Route } from './route.js';
import { verificationDoc } from './session-docs.js';
import { z } from 'zod';

export function journalRoutes(histories: Histories): Route[] {
  return [
    route({
      method: 'get', path: '/v1/sessions/{sessionId}/journal', scope: 'report:read', tag: 'Reports', summary: 'All events of a session, as NDJSON',
      description: 'One line an event: `{n, epoch, at, event}`. Secrets are redacted. Of a session that has ended it is read from the archive.',
      responses: { 200: { description: 'The events, in order', contentTypes: ['application/x-ndjson'] } },
      handle: async ({ params }) => {
        const { turns } = await histories.of(params['sessionId'] as string);
        return { status: 200, body: new Chunks(await begun(eventLines(turns))), headers: { 'content-type': 'application/x-ndjson; charset=utf-8' } };
      },
    }),
    route({
      method: 'post', path: '/v1/sessions/{sessionId}/journal:verify', scope: 'report:read', tag: 'Reports', summary: 'Play the events again, and compare the standings',
      body: z.strictObject({}), bodyOptional: true,
      responses: { 200: { description: 'Whether they are the same', schema: verificationDoc } },
      handle: async ({ params }) => {
        const sessionId = params['sessionId'] as string;
        const { source, archiveSha256, shard, deck, turns, revision, standingsHash } = await histories.of(sessionId);
        const { state, events } = await readable(replay(sessionId, shard, deck, turns));
        const replayedHash = presentHash(state);
        const equal = replayedHash === standingsHash && state.revisions.length === revision;
        return { status: 200, body: { equal, source, events, revision, standingsHash, replayedHash, ...(archiveSha256 === undefined ? {} : { archiveSha256 }) } };
      },
    }),
  ];
}

async function* eventLines(turns: AsyncIterable<SessionTurn>): AsyncGenerator<string> {
  for await (const { n, epoch, at, events } of turns) {
    yield events.map((event) => `${JSON.stringify({ n, epoch, at, event: redacted(event) })}\n`).join('');
  }
}

/** Waits for the first piece: what cannot be read at all is refused before anything is sent. */
async function begun(source: AsyncGenerator<string>): Promise<AsyncIterable<string>> {
  const first = await readable(source.next());
  return (async function* () {
    if (first.done !== true) yield first.value;
    yield* source;
  })();
}

async function readable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof TrimmedError ? new Problem(404, 'the beginning of this session is not in the log any more') : error;
  }
}
