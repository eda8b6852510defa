/** Faults in who owns a shard and when, and in what a recovery makes of a log and a store that change under it: found by histories of several owners. */
import type { Mutant } from './mutant.js';

const log = 'libs/actors/src/log';
const shard = 'libs/actors/src/shard';
const snapshot = 'libs/actors/src/snapshot';
const store = 'test/simulation/world/sim-store.ts';

export const ownershipMutants: readonly Mutant[] = [
  { name: 'trimmed-under-the-reader', rule: 'S3 start again when the log was trimmed', file: `${shard}/recovery.ts`, find: "if (outcome === 'trimmed') trimmedBelow = from.offset; // S3 start again", replace: "if (outcome === 'trimmed') throw new Halt('JOURNAL_GAP', 'trimmed');", breaks: 'I9', seed: 150 },
  { name: 'missing-under-the-reader', rule: 'S3 start again when a chunk is missing', file: `${shard}/recovery.ts`, find: "if (!(await this.load(waiting))) return 'missing'; // S3 start again", replace: "if (!(await this.load(waiting))) throw new Halt('SNAPSHOT_MISSING', 'missing');", breaks: 'I9', family: 'overtaken', seed: 16 },
  { name: 'pointers-before-replay-from', rule: 'S3 replayFrom before pointers', file: `${shard}/recovery.ts`, find: '    const from = (await', replace: '    const early = await retry.until(() => allPointers(setting));\n    const from = (await', also: [{ find: 'const pointers = await retry.until(() => allPointers(setting));', replace: 'const pointers = early;' }], breaks: 'I7', family: 'slowRecovery', seed: 225 },
  { name: 'goes-on-in-its-epoch', rule: 'L4 new claim after dropped state', file: `${shard}/claim.ts`, find: 'const epoch = log.rule.epoch + 1;', replace: "const epoch = log.rule.epoch + (log.rule.owner.startsWith(owner.replace(/[^/]*$/, '')) ? 0 : 1);", also: [{ find: "if (record.kind !== 'claim' || verdict !== 'accepted') return;", replace: "if (record.kind !== 'claim' || (verdict !== 'accepted' && record.nonce !== nonce)) return;" }], breaks: 'I3', seed: 1 },
  { name: 'counts-behind-a-claim', rule: 'L5 order of read-back', file: `${log}/appender.ts`, find: "          if (verdict !== 'accepted') return;\n", replace: "          const mine = flight.records[flight.offsets.length];\n          if (verdict !== 'accepted' || fencedBy !== undefined) return mine && Buffer.compare(mine.bytes, bytes) === 0 ? void flight.offsets.push(offset) : undefined;\n", also: [{ find: "return 'stop'; // L5 what lies behind a higher claim is not ours to count", replace: 'return;' }], breaks: 'I1', seed: 110 },
  { name: 'equal-claim-counts', rule: "L2 a claim's epoch must exceed", file: `${log}/record-rule.ts`, find: 'if (record.epoch <= this.epoch) return', replace: 'if (record.epoch < this.epoch) return', breaks: 'LOST', seed: 12 },
  { name: 'pointer-unconditional', rule: 'S1 conditional pointer (in the store)', file: store, find: 'if ((pointers.get(pointer.entityId)?.n ?? -1) >= pointer.n) {', replace: 'if ((pointers.get(pointer.entityId)?.n ?? -1) === pointer.n) {', breaks: 'I7', family: 'relay', seed: 31 },
  { name: 'replay-from-goes-back', rule: 'S2 monotone (in the store)', file: store, find: 'if (rows.replayFrom !== undefined && rows.replayFrom.offset >= from.offset) return false;', replace: '', breaks: 'I9', seed: 130 },
  { name: 'replay-from-is-the-end', rule: "S2 never the result of 'ends'", file: `${snapshot}/replay-from.ts`, find: '      const written = await', replace: '      if (![...this.shard.hot.values()].some(({ dirtyFrom }) => dirtyFrom)) from = { ...from, offset: (await retry.until(() => runtime.journal.ends([id]))).get(id)?.end ?? from.offset };\n      const written = await', breaks: 'I9', seed: 69 },
  { name: 'alive-is-enough', rule: 'O2 a probe asks for the shard', file: `${shard}/shard.ts`, find: "return this.phase.kind === 'claiming' || this.phase.kind === 'recovering' ? 'claiming' : 'no';", replace: "return 'owns';", breaks: 'LIVE', family: 'orphans', seed: 1 },
  { name: 'attached-to-anything', rule: 'T3 attached of this epoch', file: `${shard}/close-gate.ts`, find: 'if (epoch !== this.epoch) return false; // T3 attached of this epoch', replace: '', breaks: 'I5', family: 'duel', seed: 37 },
  { name: 'clock-without-floor', rule: 'T1 never below the last clock', file: 'libs/actors/src/region/region.ts', find: 'this.shard(shard).reportTime(offset);', replace: 'void offset;', breaks: 'I5', seed: 3 },
];
