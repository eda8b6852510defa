export { SESSION_ID_ALPHABET, SESSION_ID_LENGTH, formatSessionId, normaliseSessionId, sessionIdFromRandom } from './session-id.js';
export { closeCodeEntry, closeCodes, shouldReconnect, type CloseCodeEntry, type CloseCodeName } from './close-codes.js';
export { closeAfterRefusedHello, errorCodes, errorEntry, type AfterHello, type ErrorCode, type ErrorCodeEntry, type ErrorName } from './error-codes.js';
export { defaultLimits, firstPingsAtMs, limitCatalogue, type LimitName, type Limits } from './limits.js';
export { audienceBit, everybody, roleOfBit, roles, type Role } from './roles.js';
export { LinkWriter, decodeLinkFrame, type DecodedLinkFrame } from './link/codec.js';
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
