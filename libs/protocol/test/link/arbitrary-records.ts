import fc from 'fast-check';
import type { LinkRecords, NodeRecord, RouterRecord } from '../../src/link/records.js';
import { roles } from '../../src/roles.js';

const num = fc.oneof(fc.nat(300), fc.nat(), fc.maxSafeNat());
const f64 = fc.double({ noNaN: true });
const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant('\ufeffbom'));
const bytes = fc.oneof(fc.uint8Array(), fc.uint8Array({ minLength: 200, maxLength: 600 }));

const host = fc.oneof(fc.constantFrom('127.0.0.1', '[::1]', 'node-0.nodes.quiz.svc', 'h'.repeat(253)), fc.ipV4(), fc.ipV6().map((ip) => `[${ip}]`), fc.domain()).filter((found) => found !== '0.0.0.0' && found !== '[::]');
const member = fc.record(
  { name: fc.oneof(fc.string({ minLength: 1, maxLength: 128, unit: 'grapheme-ascii' }), fc.string({ minLength: 1, maxLength: 32, unit: 'binary' })), address: fc.tuple(host, fc.integer({ min: 1, max: 65_535 })).map((parts) => parts.join(':')) },
  { noNullPrototype: true },
);

/** A record whose fields in `optional` may be missing. */
const some = <R>(model: { [K in keyof R]-?: fc.Arbitrary<NonNullable<R[K]>> }, optional: readonly (keyof R)[] = []): fc.Arbitrary<R> => {
  const required = Object.keys(model).filter((key) => !optional.includes(key as keyof R));
  return fc.record(model as Record<string, fc.Arbitrary<unknown>>, { requiredKeys: required }).map((found) => ({ ...found }) as R);
};
type Of<S extends keyof LinkRecords, R> = Extract<LinkRecords[S], { r: R }>;

export const routerRecords = {
  linkHello: some<Of<'router', 'linkHello'>>({ r: fc.constant('linkHello'), router: text, boot: text }),
  open: some<Of<'router', 'open'>>({
      r: fc.constant('open'), conn: num, connId: text, sessionId: text, remote: text, ownerOffset: f64, ownerEpoch: num, ownerSeenAt: f64, hops: num, bind: bytes, s: num, p: num,
      rttMinMs: f64, rttSamples: num,
    },
    ['bind', 's', 'p', 'rttMinMs', 'rttSamples'],
  ),
  data: some<Of<'router', 'data'>>({ r: fc.constant('data'), conn: num, k: num, recvAt: f64, flags: fc.nat(3), bytes }),
  close: some<Of<'router', 'close'>>({ r: fc.constant('close'), conn: num, code: num }),
  rtt: some<Of<'router', 'rtt'>>({ r: fc.constant('rtt'), conn: num, minMs: f64, samples: num }),
  attached: some<Of<'router', 'attached'>>({ r: fc.constant('attached'), shards: fc.array(fc.record({ shard: num, epoch: num, ownerOffset: f64 }, { noNullPrototype: true })) }),
  clock: some<Of<'router', 'clock'>>({ r: fc.constant('clock'), now: f64, mono: f64 }),
} satisfies { [R in RouterRecord['r']]: fc.Arbitrary<Of<'router', R>> };

export const nodeRecords = {
  linkWelcome: some<Of<'node', 'linkWelcome'>>({ r: fc.constant('linkWelcome'), node: text, boot: text, shards: num }),
  beat: some<Of<'node', 'beat'>>({ r: fc.constant('beat'), mono: f64, echo: f64 }),
  owner: some<Of<'node', 'owner'>>({ r: fc.constant('owner'), shard: num, epoch: num, offset: f64 }),
  data: some<Of<'node', 'data'>>({ r: fc.constant('data'), conn: num, done: num, s: num, p: num, reset: fc.boolean(), bytes }, ['done', 's', 'p']),
  bind: some<Of<'node', 'bind'>>({
      r: fc.constant('bind'), conn: num, done: num, s: num, p: num, role: fc.constantFrom(...roles), playerId: text, genEpoch: num, genCount: num, perSecond: num,
      burst: num, bind: bytes, frames: fc.array(bytes, { maxLength: 4 }),
    },
    ['playerId'],
  ),
  each: some<Of<'node', 'each'>>({ r: fc.constant('each'), items: fc.array(fc.record({ conn: num, p: num, bytes }, { noNullPrototype: true })) }),
  broadcast: some<Of<'node', 'broadcast'>>({ r: fc.constant('broadcast'), sessionId: text, audience: fc.nat(15), s: num, bytes }, ['s']),
  close: some<Of<'node', 'close'>>({ r: fc.constant('close'), conn: num, code: num, done: num }, ['done']),
  moving: some<Of<'node', 'moving'>>({ r: fc.constant('moving'), shard: num }),
  notOwner: some<Of<'node', 'notOwner'>>({ r: fc.constant('notOwner'), conn: num, shard: num, hint: text }),
  members: some<Of<'node', 'members'>>({ r: fc.constant('members'), nodes: fc.array(member) }),
} satisfies { [R in NodeRecord['r']]: fc.Arbitrary<Of<'node', R>> };

export const routerRecord: fc.Arbitrary<RouterRecord> = fc.oneof(...Object.values(routerRecords));
export const nodeRecord: fc.Arbitrary<NodeRecord> = fc.oneof(...Object.values(nodeRecords));
