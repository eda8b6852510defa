/** Players, bans and standings of a session. */
import { z } from 'zod';
import { explain } from '../quiz/views/explain.js';
import { leaderboard } from '../quiz/views/leaderboard.js';
import { banned, playerPage, playerView } from '../quiz/views/player-pages.js';
import { decodeBoardCursor, decodeOffset, encodeCursor } from './cursor.js';
import { invalid, notFound } from './problem.js';
import { flag, limitDefault, page, wholeNumber } from './queries.js';
import { route, type Route } from './route.js';
import type { SessionAccess } from './session-access.js';
import { banListDoc, explanationDoc, leaderboardDoc, playerDoc, playerListDoc, playerStatusDoc } from './session-docs.js';

const countMax = 999_999_999;
const cursorAt = (offset: number | null): string | null => (offset === null ? null : encodeCursor(String(offset)));

export function playerRoutes(access: SessionAccess): Route[] {
  return [
    route({
      method: 'get', path: '/v1/sessions/{sessionId}/players', scope: 'session:read', tag: 'Players', summary: 'List, search and rank players',
      query: z.strictObject({
        ...page,
        search: z.string().max(100).optional().describe('part of a nickname, in any case'),
        status: playerStatusDoc.optional(),
        byRank: flag.optional().describe('by rank, the unranked last; else in order of joining'),
      }),
      responses: { 200: { description: 'A page of players', schema: playerListDoc } },
      handle: async ({ params, query: { limit = limitDefault, cursor, search, status, byRank } }) => {
        const offset = cursor === undefined ? 0 : decodeOffset(cursor);
        const query = { offset, limit, byRank: byRank === true, ...(search === undefined ? {} : { search }), ...(status === undefined ? {} : { status }) };
        const { items, total } = await access.view(params['sessionId'] as string, (state) => playerPage(state, query));
        const next = offset + items.length;
        return { status: 200, body: { items, total, nextCursor: cursorAt(items.length > 0 && next < total ? next : null) } };
      },
    }),
    route({
      method: 'get', path: '/v1/sessions/{sessionId}/players/{playerId}', scope: 'session:read', tag: 'Players', summary: 'One player',
      responses: { 200: { description: 'The player', schema: playerDoc } },
      handle: async ({ params: { sessionId = '', playerId = '' } }) => {
        const player = await access.view(sessionId, (state) => playerView(state, playerId));
        if (player === null) throw notFound('player');
        return { status: 200, body: player };
      },
    }),
    route({
      method: 'get', path: '/v1/sessions/{sessionId}/bans', scope: 'session:read', tag: 'Players', summary: 'Who is banned',
      responses: { 200: { description: 'In the order of the bans', schema: banListDoc } },
      handle: async ({ params }) => ({ status: 200, body: { items: await access.view(params['sessionId'] as string, banned) } }),
    }),
    route({
      method: 'get', path: '/v1/sessions/{sessionId}/leaderboard', scope: 'session:read', tag: 'Scores', summary: 'Standings, of any revision',
      description: 'Players of one rank in order of joining. `around` shows a player as near the middle of the page as can be. `nextCursor` goes on in the same revision.',
      query: z.strictObject({
        ...page,
        offset: wholeNumber(0, countMax).optional().describe('rows to pass over, in place of a cursor'),
        revision: wholeNumber(0, countMax).optional().describe('the last one when absent'),
        around: z.string().max(64).optional().describe('a playerId'),
      }),
      responses: { 200: { description: 'A page of the standings', schema: leaderboardDoc } },
      handle: async ({ params, query: { limit = limitDefault, cursor, around, ...given } }) => {
        if ([cursor, given.offset, around].filter((each) => each !== undefined).length > 1) {
          throw invalid([{ pointer: '?cursor', detail: 'is one of three ways to name a place: send cursor, offset or around' }]);
        }
        const at = cursor === undefined ? undefined : decodeBoardCursor(cursor);
        if (at !== undefined && given.revision !== undefined && given.revision !== at.revision) throw invalid([{ pointer: '?revision', detail: 'is another than that of the cursor' }]);
        const revision = at?.revision ?? given.revision;
        const query = { limit, offset: at?.offset ?? given.offset ?? 0, ...(revision === undefined ? {} : { revision }), ...(around === undefined ? {} : { around }) };
        const found = await access.view(params['sessionId'] as string, (state) => leaderboard(state, query));
        if (found === null) throw notFound(around === undefined ? 'revision' : 'player in these standings');
        const { offset: _offset, nextOffset, ...shown } = found;
        return { status: 200, body: { ...shown, nextCursor: nextOffset === null ? null : encodeCursor(`${found.revision}.${nextOffset}`) } };
      },
    }),
    route({
      method: 'get', path: '/v1/sessions/{sessionId}/answers/{playerId}/{qid}/explain', scope: 'session:read', tag: 'Scores', summary: 'How an answer came to its points',
      responses: { 200: { description: 'Every number that went into it', schema: explanationDoc } },
      handle: async ({ params: { sessionId = '', playerId = '', qid = '' } }) => {
        const explanation = await access.view(sessionId, (state) => explain(state, playerId, qid));
        if (explanation === null) throw notFound('player, or question that was shown');
        return { status: 200, body: explanation };
      },
    }),
  ];
}
