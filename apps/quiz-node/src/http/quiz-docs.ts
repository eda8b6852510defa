/** Shapes of quizzes for the document and the tests. The rules themselves are the domain's (`quiz/deck`), which points at every field that breaks one. */
import { z } from 'zod';
import { importFormats } from './formats/import-quiz.js';
import { flag } from './queries.js';

const option = z.strictObject({ id: z.string().optional().describe('default "a", "b", …'), text: z.string().max(500) });

export const keyDoc = z
  .union([
    z.string().describe('single: option id'),
    z.array(z.string()).describe('multiple: option ids; ordering: all option ids in order; text: accepted texts'),
    z.boolean().describe('trueFalse'),
    z.number().describe('numeric'),
    z.strictObject({ accept: z.array(z.string()), editDistance: z.literal([0, 1]).optional(), accents: z.boolean().optional() }).describe('text'),
    z.strictObject({ value: z.number(), tolerance: z.number().min(0).optional() }).describe('numeric'),
  ])
  .meta({ id: 'Key', description: 'In the shape of the answer; a poll has none' });

export const questionDoc = z.strictObject({
  id: z.string().optional().describe('default "q1", "q2", …'),
  type: z.enum(['single', 'multiple', 'trueFalse', 'text', 'numeric', 'ordering', 'poll']),
  text: z.string().max(500),
  media: z.string().optional(),
  options: z.array(option).min(2).max(8).optional(),
  key: keyDoc.optional(),
  points: z.literal([0, 1000, 2000]).optional().describe('default 1000'),
  limitMs: z.int().min(5_000).max(240_000).optional().describe('default 20,000'),
  readMs: z.int().min(0).optional(),
  partial: z.enum(['allOrNothing', 'hamming', 'inPlace']).optional(),
  explanation: z.string().max(500).optional(),
});

export const quizDoc = z
  .strictObject({
    title: z.string().max(500),
    questions: z.array(questionDoc).min(1).max(200),
    defaults: questionDoc.pick({ points: true, limitMs: true, readMs: true, partial: true }).optional(),
  })
  .meta({
    id: 'Quiz',
    examples: [{
      title: 'Two',
      questions: [
        { type: 'single', text: '2+2?', options: [{ text: '3' }, { text: '4' }], key: 'b', limitMs: 5000 },
        { type: 'numeric', text: '7·6?', key: { value: 42, tolerance: 0 } },
      ],
    }],
  });

export const storedQuizDoc = quizDoc.extend({ quizId: z.string(), etag: z.string() }).meta({ id: 'StoredQuiz' });

export const quizListDoc = z
  .strictObject({
    items: z.array(z.strictObject({ quizId: z.string(), title: z.string(), questions: z.int(), createdAt: z.int(), updatedAt: z.int(), etag: z.string() })),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'QuizList' });

const fieldError = z.strictObject({ pointer: z.string(), detail: z.string() });

export const validationDoc = z.strictObject({ valid: z.boolean(), errors: z.array(fieldError) }).meta({ id: 'Validation' });

export const importReportDoc = z
  .strictObject({
    quizId: z.string().optional().describe('absent in a dry run'),
    title: z.string(),
    accepted: z.int(),
    fixed: z.int(),
    refused: z.int(),
    notes: z.array(z.string()),
    rows: z.array(z.strictObject({ line: z.int(), outcome: z.enum(['accepted', 'fixed', 'refused']), fixes: z.array(z.string()).optional(), errors: z.array(fieldError).optional() })),
  })
  .meta({ id: 'ImportReport' });

export const anyObject = z.record(z.string(), z.unknown());

export const importQuery = z.strictObject({
  format: z.enum(importFormats),
  dryRun: flag.optional().describe('true: say what would be stored, and store nothing'),
  title: z.string().min(1).max(500).optional().describe('in place of the title in the file'),
});
