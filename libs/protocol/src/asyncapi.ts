/**
 * The player protocol as an AsyncAPI 3.0 document (https://www.asyncapi.com/docs/reference/specification/v3.0.0), made of the same schemas that check the
 * frames. The document describes the server: what it receives are the commands, what it sends are replies and messages.
 */
import { z } from 'zod';
import { closeCodes } from './close-codes.js';
import { errorCodes } from './error-codes.js';
import { limitCatalogue, type Limits } from './limits.js';
import { clientExamples, okExamples } from './player/client-examples.js';
import { clientFrameSchema, clientMessages, clientTypes, type ClientType } from './player/client-messages.js';
import { serverExamples } from './player/server-examples.js';
import { okFrameSchema, serverFrameSchema, serverMessages, serverTypes, type ServerType, type Stream } from './player/server-messages.js';

export type JsonObject = { readonly [key: string]: unknown };

export interface AsyncApiOptions {
  /** Version of the release. */
  readonly version: string;
  /** Host and port under which clients reach the router. */
  readonly host: string;
  readonly secure: boolean;
  readonly limits: Limits;
}

const SUBPROTOCOL = 'quiz.v1.json';
const channelMessage = (name: string): JsonObject => ({ $ref: `#/channels/play/messages/${name}` });
const isAnswered = (t: ClientType): t is Exclude<ClientType, 'hello'> => clientMessages[t].ok !== null;
const okName = (t: ClientType): string => `ok.${t}`;

/** JSON Schema draft 7, which AsyncAPI takes. Unknown fields are allowed: both sides ignore them. */
function jsonSchema(schema: z.ZodType): JsonObject {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input', unrepresentable: 'any' });
  return rest;
}

function message(name: string, about: string, payload: JsonObject, example: object, more: JsonObject = {}): JsonObject {
  return { name, title: name, summary: about, contentType: 'application/json', payload, examples: [{ name: 'example', payload: example }], ...more };
}

function commandMessages(): [string, JsonObject][] {
  return clientTypes.map((t) => {
    const { about, from } = clientMessages[t];
    return [t, message(t, about, jsonSchema(clientFrameSchema(t)), clientExamples[t], { 'x-roles': from })];
  });
}

function okMessages(): [string, JsonObject][] {
  return clientTypes.filter(isAnswered).map((t) => [okName(t), message('ok', `The reply to an accepted ${t}.`, jsonSchema(okFrameSchema(t)), okExamples[t])]);
}

function serverMessage(t: ServerType): JsonObject {
  const { about, streams } = serverMessages[t];
  const payloads = streams.map((stream) => jsonSchema(serverFrameSchema(t, stream)));
  return message(t, about, payloads.length === 1 && payloads[0] !== undefined ? payloads[0] : { anyOf: payloads }, serverExamples[t], { 'x-streams': streams });
}

/** `ok` is there once per command, as its `d` differs. */
const sentTypes = serverTypes.filter((t) => t !== 'ok');

function receiveOperations(): [string, JsonObject][] {
  return clientTypes.map((t) => [
    `receive.${t}`,
    {
      action: 'receive',
      channel: { $ref: '#/channels/play' },
      summary: clientMessages[t].about,
      messages: [channelMessage(t)],
      reply: { channel: { $ref: '#/channels/play' }, messages: [channelMessage(isAnswered(t) ? okName(t) : 'welcome'), channelMessage('err')] },
    },
  ]);
}

const streamSummaries: { readonly [S in Exclude<Stream, 'reply' | 'refusal'>]: string } = {
  shared: 'To everybody in the session, numbered by s without gaps.',
  private: 'To one player, numbered by p without gaps.',
  hint: 'Without a number: may be dropped, and is not sent again.',
  snapshot: 'The state, after the position in the envelope.',
  control: 'About this connection.',
};

function sendOperations(): [string, JsonObject][] {
  return Object.entries(streamSummaries).map(([stream, summary]) => {
    const types = sentTypes.filter((t) => (serverMessages[t].streams as readonly string[]).includes(stream));
    return [`send.${stream}`, { action: 'send', channel: { $ref: '#/channels/play' }, summary, messages: types.map(channelMessage) }];
  });
}

/** The document, as plain JSON. */
export function asyncApiDocument({ version, host, secure, limits }: AsyncApiOptions): JsonObject {
  const messages: [string, JsonObject][] = [...commandMessages(), ...okMessages(), ...sentTypes.map((t): [string, JsonObject] => [t, serverMessage(t)])];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Ringmaster player and host protocol',
      version,
      description: 'JSON text frames over one WebSocket per player, host, presenter or spectator. Every command gets exactly one `ok` or `err`. All times are ms of session time.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers: { router: { host, protocol: secure ? 'wss' : 'ws', description: 'The router.' } },
    channels: {
      play: {
        address: '/v1/play/{sessionId}',
        title: 'One session',
        description: `The socket of one connection. Subprotocol \`${SUBPROTOCOL}\`; none at all is taken as this one.`,
        parameters: { sessionId: { description: '8 characters of Crockford base32; case, `-` and spaces do not matter.', examples: ['7K3M9QRT'] } },
        servers: [{ $ref: '#/servers/router' }],
        bindings: {
          ws: {
            method: 'GET',
            headers: { type: 'object', properties: { 'Sec-WebSocket-Protocol': { type: 'string', const: SUBPROTOCOL } } },
            bindingVersion: '0.1.0',
          },
        },
        messages: Object.fromEntries(messages.map(([name]) => [name, { $ref: `#/components/messages/${name}` }])),
      },
    },
    operations: Object.fromEntries([...receiveOperations(), ...sendOperations()]),
    components: { messages: Object.fromEntries(messages) },
    'x-error-codes': Object.values(errorCodes),
    'x-close-codes': Object.values(closeCodes),
    'x-limits': Object.entries(limitCatalogue).map(([name, { about }]) => ({ name, value: limits[name as keyof Limits], about })),
  };
}
