/** From the Authorization header to a caller, and from a caller to a yes or no for one route. */
import { findKey, type ApiKey, type Scope } from './api-keys.js';
import { Problem } from './problem.js';
import type { Caller, Route } from './route.js';

/** What a session's host token may do, for that session only. */
export const hostTokenScopes: readonly Scope[] = ['session:host', 'session:read', 'report:read'];

export type TokenVerdict = 'host' | 'presenter' | 'unknown';

export interface Authority {
  keys(): readonly ApiKey[];
  /** Whether `token` is the host's or the presenter's of that session. Rejects when the session's owner cannot be asked. */
  checkToken(sessionId: string, token: string): Promise<TokenVerdict>;
}

const nobody: Caller = { kind: 'key', owner: '', scopes: [] };

/** @throws Problem 401 without a valid key or token, 403 when it lacks the route's scope */
export async function authenticate(authority: Authority, route: Route, authorization: string | undefined, sessionId: string | undefined): Promise<Caller> {
  if (route.scope === 'open') return nobody;
  const presented = /^Bearer ([^\s]{1,4096})$/i.exec(authorization ?? '')?.[1];
  if (presented === undefined) throw unauthenticated('send Authorization: Bearer with a host key');
  const key = findKey(authority.keys(), presented);
  if (key) return allowed({ kind: 'key', owner: key.owner, scopes: key.scopes }, route.scope);
  if (sessionId === undefined) throw unauthenticated('this key is not known');
  const verdict = await authority.checkToken(sessionId, presented);
  if (verdict === 'presenter') throw new Problem(403, 'a presenter token opens sockets only');
  if (verdict === 'unknown') throw unauthenticated('this key is not known, and is not the host token of this session');
  return allowed({ kind: 'hostToken', owner: '', scopes: hostTokenScopes, sessionId }, route.scope);
}

function allowed(caller: Caller, scope: Scope): Caller {
  if (!caller.scopes.includes(scope)) throw new Problem(403, `this key lacks the scope ${scope}`);
  return caller;
}

const unauthenticated = (detail: string) => new Problem(401, detail, { headers: { 'www-authenticate': 'Bearer realm="ringmaster"' } });
