/** The result of a session as a file. */
import { z } from 'zod';
import { readReport, reportCsv, reportJson } from './report-parts.js';
import { Chunks, route, type Route } from './route.js';
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
        const parts = await readReport(access.looker(sessionId));
        if (query.format === 'json') return { status: 200, body: new Chunks(reportJson(parts)), headers: { 'content-type': 'application/json; charset=utf-8' } };
        const headers = { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="${sessionId}.csv"` };
        return { status: 200, body: new Chunks(reportCsv(parts)), headers };
      },
    }),
  ];
}
