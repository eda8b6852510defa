export { SESSION_ID_ALPHABET, SESSION_ID_LENGTH, formatSessionId, normaliseSessionId, sessionIdFromRandom } from './session-id.js';
export { closeCodeEntry, closeCodes, shouldReconnect, type CloseCodeEntry, type CloseCodeName } from './close-codes.js';
export { closeAfterRefusedHello, errorCodes, errorEntry, type AfterHello, type ErrorCode, type ErrorCodeEntry, type ErrorName } from './error-codes.js';
export { defaultLimits, firstPingsAtMs, limitCatalogue, limitConflicts, type LimitName, type Limits } from './limits.js';
export { audienceBit, everybody, roleOfBit, roles, type Role } from './roles.js';
export { LinkWriter, decodeLinkFrame, type DecodedLinkFrame } from './link/codec.js';
export { MEMBERS_MAX, isTellable } from './link/members.js';
export {
  LINK_VERSION,
  dataFlag,
  type AttachedRecord,
  type AttachedShard,
  type BeatRecord,
  type BindRecord,
  type BroadcastRecord,
  type ClientClosed,
  type ClientData,
  type ClockRecord,
  type EachItem,
  type EachRecord,
  type LinkHello,
  type LinkRecords,
  type LinkSender,
  type LinkWelcome,
  type MemberAddress,
  type MembersRecord,
  type MovingRecord,
  type NodeClose,
  type NodeData,
  type NodeRecord,
  type NotOwnerRecord,
  type OpenRecord,
  type OwnerRecord,
  type RouterRecord,
  type RttRecord,
} from './link/records.js';
export { phases, questionTypes, type AnswerValue } from './player/values.js';
export { hostCommandOkSchema, hostCommandSchema, strictHostCommandSchema, type HostCommand, type HostOrder } from './player/host-command.js';
export {
  clientFrameSchema,
  clientMessages,
  clientTypes,
  type ClientCommand,
  type ClientMessage,
  type ClientPayload,
  type ClientType,
  type OkPayload,
} from './player/client-messages.js';
export {
  okFrameSchema,
  serverFrameSchema,
  serverMessages,
  serverTypes,
  streamEnvelopes,
  type ServerFrame,
  type ServerMessage,
  type ServerPayload,
  type ServerType,
  type Stream,
  type StreamEnvelope,
  type TypeOfStream,
} from './player/server-messages.js';
export { decodeClientFrame, encodeCommand, type DecodedClientFrame, type UnreadableFrame } from './player/codec.js';
export { type AnswerSubmit } from './player/answer-submit.js';
export {
  encodeControl,
  encodeErr,
  encodeHint,
  encodeOk,
  encodePrivate,
  encodeShared,
  encodeSnapshot,
  encodeWelcome,
  type ErrExtra,
} from './player/encode.js';
export { clientExamples, okExamples } from './player/client-examples.js';
export { serverExamples } from './player/server-examples.js';
export { asyncApiDocument, type AsyncApiOptions, type JsonObject } from './asyncapi.js';
