/**
 * Guards that another guard doubles: without one of the two no promise is broken, at most somebody waits longer; without both one is. Planted alone they
 * survive, and with their doubles they are caught.
 */
import type { Change, Mutant } from './mutant.js';

const router = 'apps/router/src/core';
const shard = 'libs/actors/src/shard/shard.ts';
const store = 'test/simulation/world/sim-store.ts';

/** A higher epoch of `owner` moves all connections of the shard. */
const ownerMoves: Change = { file: `${router}/routes.ts`, find: 'if (!here) this.open(connection, session);', replace: 'if (connection.at === null) this.open(connection, session);\n      else if (!here) continue;' };
const untold = [
  { find: 'private leave(owner: string, hint: string): void {', replace: 'private leave(owner: string, hint: string, tells = true): void {' },
  { find: "active.end('notOwner', hint);\n    this.runtime.observer.lost(this.id, hint);", replace: "active.end('notOwner', hint);\n    if (tells) this.runtime.observer.lost(this.id, hint);" },
];

export const doubledMutants: readonly Mutant[] = [
  { name: 'settled-k-again', rule: 'K2 settled k', file: `${router}/kept-frames.ts`, find: 'if (k <= this.#doneK || k > this.#lastK) return false;', replace: 'if (k > this.#lastK) return false;', breaks: 'REPLY', family: 'staleLink', seed: 20, doubledBy: { rule: 'K3 records from elsewhere are ignored', changes: [{ file: `${router}/delivery.ts`, find: 'if (connection.at !== from) {', replace: 'if (connection.at === null) {' }] } },
  { name: 'fenced-tells-nobody', rule: 'K6 who is fenced tells', file: shard, find: 'this.leave(owner, nameOf(owner));', replace: 'this.leave(owner, nameOf(owner), false);', also: untold, breaks: 'LIVE', seed: 16, doubledBy: { rule: '`owner` of a higher epoch moves the connections', changes: [ownerMoves] } },
  { name: 'released-tells-nobody', rule: 'K6 who releases tells', file: shard, find: 'active.release(() => this.leave(hint, hint));', replace: 'active.release(() => this.leave(hint, hint, false));', also: untold, breaks: 'LIVE', seed: 4, doubledBy: { rule: '`owner` of a higher epoch moves the connections', changes: [ownerMoves] } },
  { name: 'not-owner-from-anywhere', rule: 'K6 notOwner only from where it is open', file: `${router}/routes.ts`, find: '  notOwner(session: LinkSession, connection: Connection, { hint }: NotOwnerRecord): void {\n    if (connection.at !== session) {', replace: '  notOwner(session: LinkSession, connection: Connection, { hint }: NotOwnerRecord): void {\n    if (connection.at === null) {', breaks: 'LIVE', seed: 53, doubledBy: { rule: 'it is placed again in the same call', changes: [{ file: `${router}/routes.ts`, find: 'this.#backOff(route);\n    this.#place(route, connection);', replace: 'this.#backOff(route);\n    if (!route.served) this.#place(route, connection);' }] } },
  {
    name: 'lower-n-taken', rule: 'S4 a lower n is read again', file: 'libs/actors/src/snapshot/load.ts', find: 'if ((pointer?.n ?? 0) < n) continue;', replace: '', breaks: 'I7', seed: 2,
    doubledBy: {
      rule: 'the store reads consistently',
      changes: [
        { file: store, find: 'getPointer: (shard, entityId) => call(() => this.#rows(shard).pointers.get(entityId)),', replace: 'getPointer: (shard, entityId) => call(() => this.#rows(shard).pointers.get(`${chance.odds(0.5) ? "was " : ""}${entityId}`)),' },
        { file: store, find: '    pointers.set(pointer.entityId, pointer);', replace: '    const was = pointers.get(pointer.entityId);\n    if (was !== undefined) pointers.set(`was ${pointer.entityId}`, was);\n    pointers.set(pointer.entityId, pointer);' },
        { file: store, find: 'const ids = [...this.#rows(shard).pointers.keys()].filter((id) => id > last).sort();', replace: "const ids = [...this.#rows(shard).pointers.keys()].filter((id) => id > last && !id.startsWith('was ')).sort();" },
      ],
    },
  },
];
