/** The result of a session as a file. */
import { z } from 'zod';
import { report } from '../quiz/views/report.js';
import { reportCsv } from './formats/report-csv.js';
import { route, type Route } from './route.js';
import type { SessionAccess } from './session-access.js';
import { reportDoc } from './session-docs.js';

export function reportRoutes(access: SessionAccess): Route[] {
  return [
    route({
      method: 'get', path: '/v1/sessions/{sessionId}/report', scope: 'report:read', tag: 'Reports', summary: 'Players, questions and answers',
      description: 'Always of the present. Accepted answers only; outcome and points are null before the reveal. The CSV has a line for each player, with a pair of columns for each question.',
      query: z.strictObject({ format: z.enum(['json', 'csv']).default('json') }),
      responses: { 200: { description: 'The report', schema: reportDoc, contentTypes: ['text/csv'] } },
      handle: async ({ params, query }) => {
        const sessionId = params['sessionId'] as string;
        const made = await access.view(sessionId, report);
        if (query.format === 'json') return { status: 200, body: made };
        const headers = { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="${sessionId}.csv"` };
        return { status: 200, body: reportCsv(made), headers };
      },
    }),
  ];
}
