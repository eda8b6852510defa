/** Which node a REST call goes to, by its path alone. */
import { normaliseSessionId } from '@ringmaster/protocol';

export type Destination =
  | { readonly kind: 'session'; readonly sessionId: string }
  | { readonly kind: 'shard'; readonly shard: number }
  | { readonly kind: 'node'; readonly node: string }
  | { readonly kind: 'any' };

const ANY: Destination = { kind: 'any' };
const SESSION = /^\/v1\/(?:admin\/)?sessions\/([^/:]+)/;
const SHARD = /^\/v1\/admin\/shards\/(\d{1,9}):move$/;
const NODE = /^\/v1\/admin\/nodes\/([^/]+):drain$/;

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
