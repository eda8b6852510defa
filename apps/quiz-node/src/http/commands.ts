/** What a host orders: the commands of the protocol, and corrections. */
import { defaultLimits, strictHostCommandSchema, type HostCommand } from '@ringmaster/protocol';
import { z } from 'zod';
import type { KeyValue } from '../quiz/definition.js';
import type { HostArgs } from '../quiz/commands.js';
import { playerView } from '../quiz/views/player-pages.js';
import { questionStats } from '../quiz/views/question-statistics.js';
import type { HostDesk } from './host-desk.js';
import { invalid, notFound, Problem } from './problem.js';
import { keyDoc } from './quiz-docs.js';
import { route, type Route, type RouteAnswer } from './route.js';
import type { SessionAccess } from './session-access.js';
import { commandOkDoc, questionStatsDoc, revisedDoc } from './session-docs.js';

const reason = z.string().min(1).max(200);
/** Where a route names the command, its `cmdId` may be left out by who never sends anything again. */
const cmdId = z.string().min(1).max(defaultLimits.idCharsMax).optional().describe('sent again with the same one, it gets the first answer again');
const onlyCmdId = z.strictObject({ cmdId });
const cmdIdBytes = 12;
const accepted = { 200: { description: 'It is done', schema: commandOkDoc } } as const;
const refusals = [404, 409, 412, 422] as const;

export interface CommandRoutesDeps extends Pick<HostDesk, 'random'> {
  readonly access: SessionAccess;
  /** Sees to it that a correction after the end gets into the archive. */
  readonly beforeCorrection: (sessionId: string) => Promise<void>;
}

export function commandRoutes({ access, random, beforeCorrection }: CommandRoutesDeps): Route[] {
  const conduct = async (sessionId: string, { cmdId, cmd, ifSeq, args }: HostCommand): Promise<RouteAnswer> => {
    const command = { type: 'host' as const, cmdId, order: cmd, ...(ifSeq === undefined ? {} : { ifSeq }), args: withoutUndefined(args ?? {}) };
    const reply = await access.order(sessionId, (recvAt) => ({ ...command, recvAt })).catch((error: unknown) => {
      // The arguments have the right shape, so what was wrong with them is that they name no question.
      throw cmd === 'void' && error instanceof Problem && error.extras.code === 102 ? notFound('question') : error;
    });
    if (reply.type !== 'host') throw new Error(`a host command was answered ${reply.type}`);
    const { phase, e, s, dup } = reply;
    return { status: 200, body: { phase, e, s, ...(dup === undefined ? {} : { dup }) } };
  };
  /** Given with a route of its own. Without a name it is another one each time: sent twice, it is judged twice. */
  const order = (sessionId: string | undefined, given: string | undefined, cmd: 'kick' | 'ban' | 'void', args: object): Promise<RouteAnswer> =>
    conduct(sessionId as string, { cmdId: given ?? `rest-${Buffer.from(random.bytes(cmdIdBytes)).toString('base64url')}`, cmd, args } as HostCommand);
  const playerRoute = (verb: 'kick' | 'ban', summary: string): Route =>
    route({
      method: 'post', path: `/v1/sessions/{sessionId}/players/{playerId}:${verb}`, scope: 'session:host', tag: 'Players', summary, body: onlyCmdId, bodyOptional: true,
      responses: accepted, problems: refusals,
      handle: ({ params, body }) => order(params['sessionId'], body.cmdId, verb, { playerId: params['playerId'] }),
    });

  return [
    route({
      method: 'post', path: '/v1/sessions/{sessionId}/commands', scope: 'session:host', tag: 'Sessions', summary: 'Conduct a session', body: strictHostCommandSchema,
      description: 'The same set as `host.cmd` on a socket. An accepted `cmdId` that is sent again gets the first answer, with `dup`. `ifSeq` must be the present `s`.',
      responses: accepted, problems: refusals,
      handle: ({ params, body }) => conduct(params['sessionId'] as string, body),
    }),
    playerRoute('kick', 'Send a player away; the person may join anew'),
    playerRoute('ban', 'Send a player away for good'),
    route({
      method: 'post', path: '/v1/sessions/{sessionId}/players/{playerId}:unban', scope: 'session:host', tag: 'Players', summary: 'Let a banned person join anew',
      description: 'The former place is not given back.', body: onlyCmdId, bodyOptional: true, responses: { 204: { description: 'The ban is over' } }, problems: refusals,
      handle: async ({ params: { sessionId = '', playerId = '' }, body }) => {
        const player = await access.view(sessionId, (state) => playerView(state, playerId));
        if (player === null) throw notFound('player');
        await access.order(sessionId, (recvAt) => ({ type: 'unban', playerId, recvAt, ...named(body.cmdId) }));
        return { status: 204 };
      },
    }),
    route({
      method: 'get', path: '/v1/sessions/{sessionId}/questions/{qid}', scope: 'session:read', tag: 'Questions', summary: 'How a question went, by the key that counts now',
      responses: { 200: { description: 'Statistics', schema: questionStatsDoc } },
      handle: async ({ params: { sessionId = '', qid = '' } }) => ({ status: 200, body: await question(access, sessionId, qid) }),
    }),
    route({
      method: 'post', path: '/v1/sessions/{sessionId}/questions/{qid}:void', scope: 'session:host', tag: 'Questions', summary: 'Take a question out of the scores',
      body: z.strictObject({ cmdId, reason: reason.optional() }), bodyOptional: true, responses: accepted, problems: refusals,
      handle: ({ params: { sessionId, qid }, body }) => order(sessionId, body.cmdId, 'void', { qid, reason: body.reason }),
    }),
    route({
      method: 'post', path: '/v1/sessions/{sessionId}/questions/{qid}:correctKey', scope: 'session:host', tag: 'Questions', summary: 'Correct the key of a revealed question',
      description: 'Everything from that question on is counted again, also after the end.', body: z.strictObject({ cmdId, key: z.unknown(), reason }),
      bodyDoc: z.strictObject({ cmdId, key: keyDoc, reason }), responses: { 200: { description: 'The new revision of the scores', schema: revisedDoc } }, problems: refusals,
      handle: async ({ params: { sessionId = '', qid = '' }, body }) => {
        await question(access, sessionId, qid);
        await beforeCorrection(sessionId);
        const reply = await access.order(sessionId, (recvAt) => ({ type: 'correctKey', qid, key: body.key as KeyValue, reason: body.reason, recvAt, ...named(body.cmdId) })).catch((error: unknown) => {
          throw error instanceof Problem && error.extras.code === 102 ? invalid([{ pointer: '/key', detail: 'does not fit this question' }]) : error;
        });
        if (reply.type !== 'revised') throw new Error(`a correction was answered ${reply.type}`);
        return { status: 200, body: { revision: reply.revision, ...(reply.dup === undefined ? {} : { dup: reply.dup }) } };
      },
    }),
  ];
}

async function question(access: SessionAccess, sessionId: string, qid: string): Promise<NonNullable<ReturnType<typeof questionStats>>> {
  const stats = await access.view(sessionId, (state) => questionStats(state, qid));
  if (stats === null) throw notFound('question');
  return stats;
}

const named = (given: string | undefined): { cmdId?: string } => (given === undefined ? {} : { cmdId: given });

function withoutUndefined(args: Readonly<Record<string, unknown>>): HostArgs {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined)) as HostArgs;
}
