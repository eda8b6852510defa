/** A new session: its id falls into a shard that this node is active in, so that it can be created here and now. */
import { sessionIdFromRandom } from '@ringmaster/protocol';
import type { Deck, SessionSettings } from '../quiz/definition.js';
import { SALT_BYTES } from '../quiz/commitment.js';
import { NotOwnerError } from '../session/session-error.js';
import { sha256Hex } from './api-keys.js';
import type { Unarchived } from './archive/unarchived.js';
import type { HostDesk } from './host-desk.js';
import { refusedCommand } from './problem.js';
import type { SessionIndex } from './session-index.js';
import { newToken } from './session-tokens.js';

export interface NewSession {
  readonly deck: Deck;
  readonly settings: SessionSettings;
  readonly owner: string;
  readonly quizId: string | undefined;
}

/** Where a new session is noted. */
export interface SessionBooks {
  readonly node: HostDesk;
  readonly index: SessionIndex;
  readonly unarchived: Unarchived;
}

export interface CreatedSession {
  readonly sessionId: string;
  readonly hostToken: string;
  readonly presenterToken: string;
}

const idBytes = 5;
const secretBytes = 32;
const historyIdBytes = 9;
/** More than enough for a node with one of thousands of shards. */
const drawsMax = 100_000;
const triesMax = 3;

/** @throws NotOwnerError when this node is active in no shard, Problem 422 for a quiz that does not fit its settings */
export async function createSession(books: SessionBooks, wanted: NewSession): Promise<CreatedSession> {
  for (let attempt = 1; ; attempt += 1) {
    const sessionId = drawId(books.node);
    try {
      const created = await createAs(books, sessionId, wanted);
      if (created !== undefined) return created;
    } catch (error) {
      // The shard has just been handed over: another id falls into one that has not.
      if (!(error instanceof NotOwnerError) || attempt === triesMax) throw error;
    }
    if (attempt === triesMax) throw refusedCommand(501, { detail: 'no session could be placed on this node' });
  }
}

function drawId({ random, shards }: HostDesk): string {
  const owned = new Set(shards.ownedShards());
  for (let draw = 0; owned.size > 0 && draw < drawsMax; draw += 1) {
    const sessionId = sessionIdFromRandom(random.bytes(idBytes));
    if (owned.has(shards.shardOf(sessionId))) return sessionId;
  }
  // The router asks another node: one that has just joined a cluster owns nothing yet.
  throw new NotOwnerError(null, '');
}

/** @returns undefined when there is a session with this id already. */
async function createAs(books: SessionBooks, sessionId: string, { deck, settings, owner, quizId }: NewSession): Promise<CreatedSession | undefined> {
  const { index, unarchived } = books;
  const { random, clock, desk, journal, shards } = books.node;
  const hex = (bytes: number): string => Buffer.from(random.bytes(bytes)).toString('hex');
  const hostToken = newToken('host', sessionId, random);
  const presenterToken = newToken('presenter', sessionId, random);
  const digests = { hostTokenSha256: sha256Hex(hostToken), presenterTokenSha256: sha256Hex(presenterToken) };
  const shard = shards.shardOf(sessionId);
  // Read before the session begins: whoever reads its events later starts here.
  const log = { shard, offset: (await journal.ends([shard])).get(shard)?.end ?? 0 };
  const createdAt = clock.wall();
  await unarchived.add({ sessionId, ...log, since: createdAt });
  const reply = await desk.ask(
    sessionId,
    {
      type: 'create', deck, settings, ...digests, owner,
      ...(quizId === undefined ? {} : { quizId }),
      e: Buffer.from(random.bytes(historyIdBytes)).toString('base64url'),
      sessionSecret: hex(secretBytes),
      salts: deck.questions.map(() => hex(SALT_BYTES)),
      seed: new DataView(random.bytes(4).slice().buffer).getUint32(0),
      recvAt: desk.now(sessionId),
    },
    'rest',
  );
  if (!reply.ok) {
    await unarchived.remove(log, sessionId);
    // A session with this id is there already.
    if (reply.code === 400) return undefined;
    throw refusedCommand(reply.code, { detail: reply.extra?.detail });
  }
  const origin = { sessionId, owner, createdAt, ...digests, log };
  await index.created(origin, { title: deck.title, ...(quizId === undefined ? {} : { quizId }) });
  return { sessionId, hostToken, presenterToken };
}
