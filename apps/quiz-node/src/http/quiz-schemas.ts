/** Shapes of quizzes for the document. The rules themselves are the domain's (`quiz/deck`), which points at every field that breaks one. */
import { z } from 'zod';
import { importFormats } from './formats/import-quiz.js';

const option = z.object({ id: z.string().optional().describe('default "a", "b", …'), text: z.string().max(500) });

const key = z
  .union([
    z.string().describe('single: option id'),
    z.array(z.string()).describe('multiple: option ids; ordering: all option ids in order; text: accepted texts'),
    z.boolean().describe('trueFalse'),
    z.number().describe('numeric'),
    z.object({ accept: z.array(z.string()), editDistance: z.union([z.literal(0), z.literal(1)]).optional(), accents: z.boolean().optional() }).describe('text'),
    z.object({ value: z.number(), tolerance: z.number().min(0).optional() }).describe('numeric'),
  ])
  .describe('In the shape of the answer; a poll has none');

export const questionDoc = z.object({
  id: z.string().optional().describe('default "q1", "q2", …'),
  type: z.enum(['single', 'multiple', 'trueFalse', 'text', 'numeric', 'ordering', 'poll']),
  text: z.string().max(500),
  media: z.string().optional(),
  options: z.array(option).min(2).max(8).optional(),
  key: key.optional(),
  points: z.union([z.literal(0), z.literal(1000), z.literal(2000)]).optional().describe('default 1000'),
  limitMs: z.int().min(5_000).max(240_000).optional().describe('default 20,000'),
  readMs: z.int().min(0).optional(),
  partial: z.enum(['allOrNothing', 'hamming', 'inPlace']).optional(),
  explanation: z.string().max(500).optional(),
});

export const quizDoc = z
  .object({
    title: z.string().max(500),
    questions: z.array(questionDoc).min(1).max(200),
    defaults: questionDoc.pick({ points: true, limitMs: true, readMs: true, partial: true }).optional(),
  })
  .meta({ id: 'Quiz' });

export const storedQuizDoc = quizDoc.extend({ quizId: z.string(), etag: z.string() }).meta({ id: 'StoredQuiz' });

export const quizListDoc = z
  .object({
    items: z.array(z.object({ quizId: z.string(), title: z.string(), questions: z.int(), createdAt: z.int(), updatedAt: z.int(), etag: z.string() })),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'QuizList' });

const fieldError = z.object({ pointer: z.string(), detail: z.string() });

export const validationDoc = z.object({ valid: z.boolean(), errors: z.array(fieldError) }).meta({ id: 'Validation' });

export const importReportDoc = z
  .object({
    quizId: z.string().optional().describe('absent in a dry run'),
    title: z.string(),
    accepted: z.int(),
    fixed: z.int(),
    refused: z.int(),
    notes: z.array(z.string()),
    rows: z.array(z.object({ line: z.int(), outcome: z.enum(['accepted', 'fixed', 'refused']), fixes: z.array(z.string()).optional(), errors: z.array(fieldError).optional() })),
  })
  .meta({ id: 'ImportReport' });

export const anyObject = z.record(z.string(), z.unknown());

const flag = z.enum(['true', 'false', '1', '0', '']).transform((text) => text !== 'false' && text !== '0');

export const importQuery = z.strictObject({ format: z.enum(importFormats), dryRun: flag.optional(), title: z.string().min(1).max(500).optional() });

/** A whole number in a query, from `min` to `max`. */
export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `takes a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `takes a whole number from ${min} to ${max}`);

export const pageQuery = z.strictObject({ limit: wholeNumber(1, 500).optional(), cursor: z.string().max(1_000).optional() });
