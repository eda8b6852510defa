/** From the Authorization header to a caller, and from a caller to a yes or no for one route and one session. */
import { findKey, sameDigest, sha256Hex, type ApiKey, type Scope } from './api-keys.js';
import { notFound, Problem } from './problem.js';
import type { Caller, Route } from './route.js';
import { tokenKind } from './session-tokens.js';

/** What a session's host token may do, for that session only. */
export const hostTokenScopes: readonly Scope[] = ['session:host', 'session:read', 'report:read'];

/** What decides who may do something with a session. It never changes. */
export interface SessionFacts {
  readonly owner: string;
  /** Hex. */
  readonly hostTokenSha256: string;
  readonly presenterTokenSha256: string;
}

export interface Authority {
  keys(): readonly ApiKey[];
  /** Undefined when there is no such session. Rejects when its owner cannot be asked. */
  facts(sessionId: string): Promise<SessionFacts | undefined>;
}

export const nobody: Caller = { kind: 'key', id: '', owner: '', scopes: [] };

/** @throws Problem 401 without a valid key or token, 403 when it is one for something else, 404 for another's session */
export async function authenticate(authority: Authority, route: Route, authorization: string | undefined, sessionId: string | undefined): Promise<Caller> {
  if (route.scope === 'open') return nobody;
  const presented = /^Bearer ([^\s]{1,4096})$/i.exec(authorization ?? '')?.[1];
  if (presented === undefined) throw unauthenticated('send Authorization: Bearer with a host key');
  const key = findKey(authority.keys(), presented);
  if (key !== undefined) return keyCaller(authority, route, key, sessionId);
  return tokenCaller(authority, route, presented, sessionId);
}

async function keyCaller(authority: Authority, route: Route, key: ApiKey, sessionId: string | undefined): Promise<Caller> {
  const caller: Caller = { kind: 'key', id: key.sha256, owner: key.owner, scopes: key.scopes };
  checkScope(caller, route);
  // An SRE looks after everybody's sessions; anybody else's is not there for a host.
  if (sessionId !== undefined && route.scope !== 'admin' && (await authority.facts(sessionId))?.owner !== key.owner) throw notFound('session');
  return caller;
}

async function tokenCaller(authority: Authority, route: Route, token: string, sessionId: string | undefined): Promise<Caller> {
  const named = tokenKind(token);
  if (named === undefined) throw unauthenticated('this key is not known');
  if (sessionId === undefined || named.sessionId !== sessionId) throw new Problem(403, 'this token is for its own session only');
  const facts = await authority.facts(sessionId);
  const digest = sha256Hex(token);
  if (facts !== undefined && sameDigest(facts.presenterTokenSha256, digest)) throw new Problem(403, 'a presenter token opens sockets only');
  if (facts === undefined || !sameDigest(facts.hostTokenSha256, digest)) throw unauthenticated('this is not the host token of this session');
  const caller: Caller = { kind: 'hostToken', id: digest, owner: facts.owner, scopes: hostTokenScopes, sessionId };
  checkScope(caller, route);
  return caller;
}

function checkScope(caller: Caller, { scope }: Route): void {
  if (scope !== 'open' && !caller.scopes.includes(scope)) throw new Problem(403, `this key lacks the scope ${scope}`);
}

const unauthenticated = (detail: string): Problem => new Problem(401, detail, { headers: { 'www-authenticate': 'Bearer realm="ringmaster"' } });
