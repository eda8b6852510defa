/** `/v1/quizzes`: what hosts write before they play. */
import { normaliseQuiz, type NormalisedQuiz } from '../quiz/deck/normalise.js';
import { writeCsvQuiz } from './formats/csv-quiz.js';
import { importQuiz } from './formats/import-quiz.js';
import { UnreadableFileError } from './formats/imported-row.js';
import { invalid, notFound, Problem } from './problem.js';
import { pageQuery } from './queries.js';
import { anyObject, importQuery, importReportDoc, quizDoc, quizListDoc, storedQuizDoc, validationDoc } from './quiz-docs.js';
import type { QuizStore, VersionedQuiz } from './quiz-store.js';
import { route, type Route, type RouteAnswer } from './route.js';
import { z } from 'zod';

const tag = 'Quizzes';
const etagOf = (quiz: VersionedQuiz): string => `"${quiz.version}"`;
const documentOf = (quiz: VersionedQuiz) => ({ quizId: quiz.quizId, etag: etagOf(quiz), ...quiz.definition });
const answerWith = (status: number, quiz: VersionedQuiz, headers: Record<string, string> = {}): RouteAnswer => ({
  status,
  body: documentOf(quiz),
  headers: { etag: etagOf(quiz), ...headers },
});

/** @throws Problem 422 that points at every field that breaks a rule */
export function checkedQuiz(raw: unknown): NormalisedQuiz {
  const checked = normaliseQuiz(raw);
  if (!checked.ok) throw invalid(checked.errors);
  return checked.definition;
}

export function quizRoutes(store: QuizStore): Route[] {
  const find = async (owner: string, quizId: string | undefined): Promise<VersionedQuiz> => {
    const quiz = await store.get(owner, quizId ?? '');
    if (!quiz) throw notFound('quiz');
    return quiz;
  };
  /** @throws Problem 412 when `If-Match` names another version */
  const matching = (quiz: VersionedQuiz, ifMatch: string | undefined): void => {
    if (ifMatch === undefined || ifMatch.trim() === '*') return;
    if (!ifMatch.split(',').some((each) => each.trim() === etagOf(quiz))) throw stale();
  };

  return [
    route({
      method: 'get', path: '/v1/quizzes', scope: 'quiz:read', tag, summary: 'List your quizzes', query: pageQuery,
      responses: { 200: { description: 'A page of quizzes', schema: quizListDoc } },
      handle: async ({ caller, query }) => {
        const { items, nextCursor } = await store.list(caller.owner, query.limit ?? 50, query.cursor);
        const rows = items.map((quiz) => ({
          quizId: quiz.quizId, title: quiz.definition.title, questions: quiz.definition.questions.length,
          createdAt: quiz.createdAt, updatedAt: quiz.updatedAt, etag: etagOf(quiz),
        }));
        return { status: 200, body: { items: rows, nextCursor } };
      },
    }),
    route({
      method: 'post', path: '/v1/quizzes', scope: 'quiz:write', tag, summary: 'Create a quiz', body: anyObject, bodyDoc: quizDoc, idempotent: true,
      responses: { 201: { description: 'The quiz, with its defaults filled in', schema: storedQuizDoc, headers: ['etag', 'location'] } },
      handle: async ({ caller, body }) => {
        const quiz = await store.create(caller.owner, checkedQuiz(body));
        return answerWith(201, quiz, { location: `/v1/quizzes/${quiz.quizId}` });
      },
    }),
    route({
      method: 'post', path: '/v1/quizzes:import', scope: 'quiz:write', tag, summary: 'Import a file of questions', idempotent: true,
      description: 'The answer says for each row whether it was accepted, mended (how) or refused (why). Nothing is stored in a dry run, or when every row is refused.',
      query: importQuery, rawTypes: ['application/json', 'text/csv', 'text/plain', 'application/octet-stream'],
      responses: {
        200: { description: 'Dry run: what would be stored', schema: importReportDoc },
        201: { description: 'The quiz was stored', schema: importReportDoc },
      },
      handle: async ({ caller, query, rawBody }) => {
        const report = importFile(query, rawBody);
        const { quiz: raw, ...shown } = report;
        const { title: _title, ...counts } = shown;
        if (raw === undefined) throw new Problem(422, 'no row was accepted', { members: counts });
        const definition = checkedQuiz(raw);
        if (query.dryRun) return { status: 200, body: shown };
        const quiz = await store.create(caller.owner, definition);
        return { status: 201, body: { quizId: quiz.quizId, ...shown }, headers: { location: `/v1/quizzes/${quiz.quizId}` } };
      },
    }),
    route({
      method: 'get', path: '/v1/quizzes/{quizId}', scope: 'quiz:read', tag, summary: 'Read a quiz, keys included',
      responses: { 200: { description: 'The quiz', schema: storedQuizDoc, headers: ['etag'] } },
      handle: async ({ caller, params }) => answerWith(200, await find(caller.owner, params['quizId'])),
    }),
    route({
      method: 'put', path: '/v1/quizzes/{quizId}', scope: 'quiz:write', tag, summary: 'Replace a quiz', ifMatch: true, problems: [412],
      description: 'Sessions that were made of it keep what they were made of. With `If-Match`, only if nobody has changed it meanwhile.',
      body: anyObject, bodyDoc: quizDoc,
      responses: { 200: { description: 'The quiz as it is now', schema: storedQuizDoc } },
      handle: async ({ caller, params, body, headers }) => {
        const present = await find(caller.owner, params['quizId']);
        matching(present, headers['if-match']);
        // A document read from here may be sent back as it is.
        const { quizId: _quizId, etag: _etag, ...quiz } = body;
        const replaced = await store.replace(caller.owner, present, checkedQuiz(quiz));
        if (!replaced) throw stale();
        return answerWith(200, replaced);
      },
    }),
    route({
      method: 'delete', path: '/v1/quizzes/{quizId}', scope: 'quiz:write', tag, summary: 'Delete a quiz', ifMatch: true, problems: [412],
      responses: { 204: { description: 'It is gone; sessions made of it play on' } },
      handle: async ({ caller, params, headers }) => {
        const present = await find(caller.owner, params['quizId']);
        matching(present, headers['if-match']);
        if (!(await store.delete(caller.owner, present.quizId, present.version))) throw stale();
        return { status: 204 };
      },
    }),
    route({
      method: 'post', path: '/v1/quizzes/{quizId}:validate', scope: 'quiz:read', tag, summary: 'Check a quiz against the rules',
      description: 'With a body, checks that in its place and stores nothing.', body: anyObject, bodyDoc: quizDoc, bodyOptional: true,
      responses: { 200: { description: 'What is wrong with it, if anything', schema: validationDoc } },
      handle: async ({ caller, params, body, rawBody }) => {
        const present = await find(caller.owner, params['quizId']);
        const checked = normaliseQuiz(rawBody.length > 0 ? body : present.definition);
        return { status: 200, body: { valid: checked.ok, errors: checked.ok ? [] : checked.errors } };
      },
    }),
    route({
      method: 'get', path: '/v1/quizzes/{quizId}:export', scope: 'quiz:read', tag, summary: 'Download a quiz',
      query: z.strictObject({ format: z.enum(['json', 'csv']).default('json') }),
      responses: { 200: { description: 'The file', schema: quizDoc, contentTypes: ['text/csv'] } },
      handle: async ({ caller, params, query }) => {
        const { definition, quizId } = await find(caller.owner, params['quizId']);
        const headers = { 'content-disposition': `attachment; filename="${quizId}.${query.format}"` };
        if (query.format === 'json') return { status: 200, body: definition, headers };
        return { status: 200, body: writeCsvQuiz(definition.questions), headers: { ...headers, 'content-type': 'text/csv; charset=utf-8' } };
      },
    }),
  ];
}

const stale = () => new Problem(412, 'the quiz has changed since that version');

function importFile(query: z.output<typeof importQuery>, raw: Uint8Array) {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(raw);
    return importQuiz(query.format, text, query.title);
  } catch (error) {
    if (error instanceof UnreadableFileError) throw new Problem(422, error.message);
    if (error instanceof TypeError) throw new Problem(422, 'the file is not UTF-8');
    throw error;
  }
}
