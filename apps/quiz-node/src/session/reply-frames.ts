/** Replies as frames of the player protocol. */
import { encodeErr, encodeOk } from '@ringmaster/protocol';
import type { Rejection, Reply } from '../quiz/replies.js';

export function errFrame(re: number | undefined, { code, extra }: Rejection): Uint8Array {
  return encodeErr(re, code, extra as Parameters<typeof encodeErr>[2]);
}

/** The `ok` of a domain reply to a client's command. Throws Error for a reply that no client's command has. */
export function okFrame(re: number, reply: Extract<Reply, { ok: true }>): Uint8Array {
  switch (reply.type) {
    case 'answered': {
      const { answerId, receivedAt, receipt, value, dup } = reply;
      return encodeOk<'answer.submit'>(re, {
        answerId,
        receivedAt,
        receipt,
        ...(value === undefined ? {} : { value: value as string }),
        ...(dup === undefined ? {} : { dup }),
      });
    }
    case 'nickname':
      return encodeOk<'nickname.set'>(re, { nickname: reply.nickname });
    case 'left':
      return encodeOk<'leave'>(re, {});
    case 'host': {
      const { phase, e, s, dup } = reply;
      return encodeOk<'host.cmd'>(re, { phase, e, s, ...(dup === undefined ? {} : { dup }) });
    }
    case 'created':
    case 'joined':
    case 'revised':
    case 'done':
      throw new Error(`no client's command is answered with ${reply.type}`);
  }
}
