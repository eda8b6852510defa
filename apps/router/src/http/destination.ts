/** Which node a REST call goes to, by its path alone. */
import { normaliseSessionId } from '@ringmaster/protocol';

export type Destination =
  | { readonly kind: 'session'; readonly sessionId: string }
  | { readonly kind: 'shard'; readonly shard: number }
  | { readonly kind: 'node'; readonly node: string }
  | { readonly kind: 'any' };

const ANY: Destination = { kind: 'any' };
const SAME_WHEN_REPEATED = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']);
const SESSION = /^\/v1\/(?:admin\/)?sessions\/([^/:]+)/;
const SHARD = /^\/v1\/admin\/shards\/(\d{1,9}):move$/;
const NODE = /^\/v1\/admin\/nodes\/([^/]+):drain$/;

/** Commands of hosts: each has a `cmdId`, so that doing one twice is the same as once. */
const COMMANDS = /^\/v1\/sessions\/[^/:]+\/commands$/;

/** Whether a call that may have been executed may be sent again. `path` without its query. */
export function sameWhenRepeated(method: string, path: string): boolean {
  return SAME_WHEN_REPEATED.has(method) || (method === 'POST' && COMMANDS.test(path));
}

/** `path` without its query. What names nothing that could exist goes to any node, which says so. */
export function destinationOf(path: string): Destination {
  const session = SESSION.exec(path)?.[1];
  if (session !== undefined) {
    const sessionId = normaliseSessionId(decoded(session) ?? '');
    return sessionId === null ? ANY : { kind: 'session', sessionId };
  }
  const shard = SHARD.exec(path)?.[1];
  if (shard !== undefined) return { kind: 'shard', shard: Number(shard) };
  const node = decoded(NODE.exec(path)?.[1] ?? '');
  return node === null || node === '' ? ANY : { kind: 'node', node };
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
