/**
 * Answers a client whose path holds no possible session id: as a session that does not exist would, so that it needs no second way to be told. No node is asked.
 */
import { closeCodes, encodeErr, errorCodes } from '@ringmaster/protocol';
import type { WebSocket } from 'ws';

const UINT32_MAX = 0xffff_ffff;

/** The first frame is answered 210 and closed 4508; without one the socket is closed 4501 after `helloWithinMs`. */
export function answerUnknownSession(socket: WebSocket, helloWithinMs: number): void {
  const { HELLO_TIMEOUT, SESSION_NOT_FOUND } = closeCodes;
  const late = setTimeout(() => socket.close(HELLO_TIMEOUT.code, HELLO_TIMEOUT.reason), helloWithinMs);
  socket.on('error', () => undefined);
  socket.once('close', () => clearTimeout(late));
  socket.once('message', (data) => {
    clearTimeout(late);
    socket.send(encodeErr(idOf(String(data)), errorCodes.SESSION_NOT_FOUND.code), { binary: false });
    socket.close(SESSION_NOT_FOUND.code, SESSION_NOT_FOUND.reason);
  });
}

function idOf(text: string): number | undefined {
  try {
    const { id } = JSON.parse(text) as { id?: unknown };
    return typeof id === 'number' && Number.isInteger(id) && id >= 0 && id <= UINT32_MAX ? id : undefined;
  } catch {
    return undefined;
  }
}
