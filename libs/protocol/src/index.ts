export { SESSION_ID_ALPHABET, SESSION_ID_LENGTH, formatSessionId, normaliseSessionId, sessionIdFromRandom } from './session-id.js';
export { closeCodeEntry, closeCodes, shouldReconnect, type CloseCodeEntry, type CloseCodeName } from './close-codes.js';
export { closeAfterRefusedHello, errorCodes, errorEntry, type AfterHello, type ErrorCode, type ErrorCodeEntry, type ErrorName } from './error-codes.js';
export { defaultLimits, firstPingsAtMs, limitCatalogue, type LimitName, type Limits } from './limits.js';
