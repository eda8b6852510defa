/** Faults in the actor runtime: who owns a shard, when an event is a fact, what a snapshot is worth. */
import type { Mutant } from './mutant.js';

const log = 'libs/actors/src/log';
const shard = 'libs/actors/src/shard';
const snapshot = 'libs/actors/src/snapshot';

export const actorMutants: readonly Mutant[] = [
  { name: 'any-answer-accepts', rule: 'L5 contiguity', file: `${log}/appender.ts`, find: 'if (base === this.log.position) return this.accept', replace: 'if (base !== undefined) return this.accept', breaks: 'I1', seed: 35 },
  { name: 'active-before-claim-is-read', rule: 'L3 active only after own claim', file: `${shard}/claim.ts`, find: '    let result: ClaimResult | undefined;\n', replace: "    if (attempt >= 0) return { kind: 'won', epoch, n: log.rule.n, offset: log.position };\n    let result: ClaimResult | undefined;\n", breaks: 'I9', seed: 34 },
  { name: 'no-nonce', rule: 'L3 nonce', file: `${shard}/claim.ts`, find: 'record.epoch === epoch && record.nonce === nonce', replace: 'record.epoch === epoch', breaks: 'I3', seed: 34 },
  { name: 'stale-counts', rule: 'L2 stale epoch', file: `${log}/record-rule.ts`, find: "if (record.epoch < this.epoch) return 'stale'; // L2 stale epoch", replace: '', breaks: 'I9', seed: 20 },
  { name: 'duplicate-counts', rule: 'L2 duplicate', file: `${log}/record-rule.ts`, find: "if (record.n <= this.n) return this.remembersOther(record.n, bytes) ? 'conflict' : 'duplicate';", replace: '', breaks: 'I9', seed: 3 },
  { name: 'many-in-flight', rule: 'L4 one in flight', file: `${shard}/outbox.ts`, find: 'if (this.busy) return; // L4 one in flight', replace: '', breaks: 'I9', seed: 1 },
  { name: 'other-bytes-again', rule: 'L4 same bytes', file: `${log}/appender.ts`, find: 'const base = await this.send(bytes);', replace: "const base = await this.send(attempt === 0 ? bytes : bytes.map((each) => Buffer.concat([each, Buffer.from(' ')])));", breaks: 'I3', seed: 7 },
  { name: 'gives-up-an-append', rule: 'L4 accepted or fenced', file: `${log}/appender.ts`, find: 'if (outcome) return outcome; // L4', replace: 'return outcome ?? { accepted: false, offsets: [] }; // L4', breaks: 'I3', seed: 7 },
  { name: 'fenced-goes-on', rule: 'a fenced node stops', file: `${shard}/outbox.ts`, find: 'if (outcome?.fencedBy !== undefined) return this.hooks.fenced(outcome.fencedBy);', replace: '', breaks: 'LIVE', seed: 3 },
  { name: 'events-not-gated', rule: 'L6 for events', file: `${shard}/outbox.ts`, find: '    this.gather(numbered);\n    this.hold(held);', replace: '    this.gather(numbered);\n    held.release();', breaks: 'I1', seed: 4 },
  { name: 'replies-not-gated', rule: 'L6 for outputs without a record', file: `${shard}/turns.ts`, find: '      shard.outbox.hold(output);', replace: '      output.release();', breaks: 'I1', seed: 77 },
  { name: 'rides-on-the-last-append', rule: 'L6 started after its turn', file: `${shard}/outbox.ts`, find: 'this.gathered.held.push(held);', replace: '(this.busy ? this.flown : this.gathered).held.push(held);', breaks: 'I1', seed: 16 },
  { name: 'never-looks', rule: 'L7 look', file: 'libs/actors/src/region/region.ts', find: 'this.look().catch(() => undefined);', replace: '', breaks: 'LIVE', seed: 118 },
  { name: 'folds-less', rule: 'L3 fold up to own claim', file: `${shard}/recovery.ts`, find: "if (offset >= setting.claim.offset) return 'stop';", replace: "if (offset >= setting.claim.offset - 1) return 'stop';", breaks: 'LIVE', seed: 1 },
  { name: 'pointer-first', rule: 'S1 pointer last', file: `${snapshot}/snapshots.ts`, find: 'await Promise.all(image.fresh.map(({ key, bytes }) => retry.until(() => snapshots.putChunk(id, entity.id, key, bytes))));', replace: 'void Promise.all(image.fresh.map(({ key, bytes }) => retry.until(() => snapshots.putChunk(id, entity.id, key, bytes)))).catch(() => undefined);', breaks: 'I9', family: 'relay', seed: 26 },
  { name: 'snapshot-not-gated', rule: 'S1 after acceptance', file: `${snapshot}/snapshots.ts`, find: '    this.shard.outbox.hold({\n      release: () => void', replace: '    return void this.write(entity, image);\n    this.shard.outbox.hold({\n      release: () => void', breaks: 'I1', seed: 98 },
  { name: 'chunks-overwritten', rule: 'S1 chunk keys contain n', file: `${snapshot}/image.ts`, find: 'const label = `${stamp.n}.${stamp.epoch}.${stamp.count}`;', replace: "const label = 'x';", breaks: 'I9', seed: 4 },
  { name: 'replay-from-above-dirty', rule: 'S2 below every event outside a snapshot', file: `${snapshot}/replay-from.ts`, find: 'if (dirtyFrom && dirtyFrom.offset < from.offset) from = dirtyFrom;', replace: 'if (dirtyFrom && from.offset < 0) from = dirtyFrom;', breaks: 'I1', family: 'slowRecovery', seed: 4 },
  { name: 'replays-what-is-stored', rule: 'S3 skip at or below n', file: `${shard}/recovery.ts`, find: 'if (record.n <= built.roster.covered(record.entityId)) return;', replace: '', breaks: 'I8', seed: 31 },
  { name: 'passivates-uncovered', rule: 'S4 covered before passivation', file: 'libs/actors/src/entity/passivation.ts', find: 'if (shard.roster.covered(entity.id) < entity.lastN) {', replace: 'if (shard.roster.covered(entity.id) < 0) {', breaks: 'I7', seed: 105 },
  { name: 'trims-too-much', rule: 'S5 trim below replayFrom', file: `${snapshot}/replay-from.ts`, find: 'const below = this.stored.offset;', replace: 'const below = this.own.offset;', breaks: 'I9', seed: 8 },
  { name: 'log-start-not-compared', rule: 'S3 compare log start', file: `${log}/log-reader.ts`, find: "if (page.start > this.position) return 'trimmed';", replace: '', breaks: 'I9', seed: 8 },
  { name: 'closes-without-clocks', rule: 'T3 wait for clocks', file: `${shard}/close-gate.ts`, find: 'return this.routers().every((router) => this.hasPassed(router, at));', replace: 'return true;', breaks: 'I5', seed: 43 },
  { name: 'no-outage-after-takeover', rule: 'T2', file: `${shard}/outages.ts`, find: 'if (asks) owe(entity, outage);', replace: '', breaks: 'I5', seed: 3 },
];
