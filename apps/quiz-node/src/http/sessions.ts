/** `/v1/sessions`: runs of quizzes. Made here, then conducted by commands. */
import { formatSessionId } from '@ringmaster/protocol';
import { z } from 'zod';
import { normaliseQuiz } from '../quiz/deck/normalise.js';
import { normaliseSettings } from '../quiz/deck/settings.js';
import type { Deck, SessionSettings } from '../quiz/definition.js';
import { hostView } from '../quiz/views/host-view.js';
import { createSession, type CreatedSession, type SessionBooks } from './create-session.js';
import { invalid, Problem, refusedCommand, type FieldError } from './problem.js';
import { flag, limitDefault, page } from './queries.js';
import type { QuizStore } from './quiz-store.js';
import { route, type Route } from './route.js';
import type { SessionAccess } from './session-access.js';
import { createdSessionDoc, createSessionDoc, listedPhase, sessionDoc, sessionListDoc } from './session-docs.js';

export interface SessionRoutesDeps {
  readonly books: SessionBooks;
  readonly quizzes: QuizStore;
  readonly access: SessionAccess;
  /** No room for new sessions. */
  readonly isFull: () => boolean;
  /** Removes everything that is kept of an ended session. */
  readonly purge: (sessionId: string) => Promise<void>;
}

const tag = 'Sessions';
const createBody = z.strictObject({ quizId: z.string().optional(), quiz: z.unknown().optional(), settings: z.unknown().optional() });
const below = (pointer: string, errors: readonly FieldError[]): FieldError[] => errors.map((error) => ({ ...error, pointer: pointer + error.pointer }));

export function sessionRoutes({ books, quizzes, access, isFull, purge }: SessionRoutesDeps): Route[] {
  /** @throws Problem 422 */
  const deckOf = async (owner: string, { quizId, quiz }: z.output<typeof createBody>): Promise<Deck> => {
    if ((quizId === undefined) === (quiz === undefined)) throw invalid([{ pointer: '', detail: 'needs either quizId or quiz' }]);
    const stored = quizId === undefined ? undefined : await quizzes.get(owner, quizId);
    if (quizId !== undefined && !stored) throw invalid([{ pointer: '/quizId', detail: 'is none of your quizzes' }]);
    const checked = normaliseQuiz(stored ? stored.definition : quiz);
    if (!checked.ok) throw invalid(below('/quiz', checked.errors));
    return checked.deck;
  };

  return [
    route({
      method: 'post', path: '/v1/sessions', scope: 'session:host', tag, summary: 'Make a session', idempotent: true, body: createBody, bodyDoc: createSessionDoc,
      description: 'The tokens are shown in this answer alone. A quiz given by `quizId` is taken as it is now; later changes to it do not reach the session.',
      responses: { 201: { description: 'It is in the lobby', schema: createdSessionDoc, headers: ['location'] } },
      problems: [422],
      handle: async ({ caller, body, origin }) => {
        if (isFull()) throw new Problem(503, 'there is no room for new sessions', { headers: { 'retry-after': '30' } });
        const deck = await deckOf(caller.owner, body);
        const created = await createSession(books, { deck, settings: settingsFor(deck, body.settings), owner: caller.owner, quizId: body.quizId });
        return { status: 201, body: withUrls(created, origin), headers: { location: `/v1/sessions/${created.sessionId}` } };
      },
    }),
    route({
      method: 'get', path: '/v1/sessions', scope: 'session:read', tag, summary: 'List your sessions, the newest first',
      description: 'Phases are as of the last start or end; `GET /v1/sessions/{sessionId}` says what is so now.',
      query: z.strictObject({ ...page, phase: listedPhase.optional(), quizId: z.string().max(64).optional() }),
      responses: { 200: { description: 'A page of sessions', schema: sessionListDoc } },
      handle: async ({ caller, query: { limit = limitDefault, cursor, ...filter } }) => ({ status: 200, body: await books.index.list(caller.owner, filter, limit, cursor) }),
    }),
    route({
      method: 'get', path: '/v1/sessions/{sessionId}', scope: 'session:read', tag, summary: 'Where a session stands',
      responses: { 200: { description: 'Phase, counts and position', schema: sessionDoc } },
      handle: async ({ params }) => {
        const { owner: _owner, ...shown } = await access.view(params['sessionId'] as string, hostView);
        return { status: 200, body: shown };
      },
    }),
    route({
      method: 'delete', path: '/v1/sessions/{sessionId}', scope: 'session:host', tag, summary: 'Cancel a session',
      description: 'A finished session is refused, unless `purge` is set: then it is cancelled if it has not ended, and everything that is kept of it is removed.',
      query: z.strictObject({ purge: flag.optional() }),
      responses: { 204: { description: 'It is cancelled, or gone' } },
      problems: [409],
      handle: async ({ params, query }) => {
        const sessionId = params['sessionId'] as string;
        const ended = await access.view(sessionId, ({ phase }) => phase === 'finished' || phase === 'cancelled');
        if (!ended || !query.purge) await access.order(sessionId, (recvAt) => ({ type: 'cancel', reason: 'cancelled by the host', recvAt }));
        if (query.purge) await purge(sessionId);
        return { status: 204 };
      },
    }),
  ];
}

/** @throws Problem 422, with code 403 where quiz and settings are well-formed but do not fit */
function settingsFor(deck: Deck, input: unknown): SessionSettings {
  const checked = normaliseSettings(input, deck);
  if (checked.ok) return checked.settings;
  const errors = below('/settings', checked.errors);
  throw checked.quizInvalid ? refusedCommand(403, { errors }) : invalid(errors);
}

function withUrls({ sessionId, hostToken, presenterToken }: CreatedSession, origin: string): z.input<typeof createdSessionDoc> {
  return {
    sessionId,
    joinUrl: `${origin}/join/${formatSessionId(sessionId)}`,
    wsUrl: `${origin.replace(/^http/, 'ws')}/v1/play/${sessionId}`,
    hostToken,
    presenterToken,
  };
}
