import { describe, expect, it } from '@jest/globals';
import { Room } from '../../src/adapters/lmdb/room.js';

const MIB = 2 ** 20;

function roomOn(disk: { free: number }, bytesMax = 1024 * MIB): { readonly room: Room; readonly looks: () => number } {
  let looks = 0;
  const file = { length: 0, reach: (bytes: number) => void (file.length = Math.max(file.length, bytes)) };
  const freeOnDisk = (): number => {
    looks += 1;
    return disk.free;
  };
  return { room: new Room(file, bytesMax, () => ({ pageSize: 4096, usedPages: 10, lastPage: 20 }), freeOnDisk), looks: () => looks };
}

describe('room on the disk', () => {
  it('is refused before the disk is full, and there again when somebody makes room', () => {
    const disk = { free: 7 * MIB };
    const { room } = roomOn(disk);
    expect(room.reserve(1, false)).toBe(false);
    disk.free = 100 * MIB;
    expect(room.reserve(1, false)).toBe(true);
  });

  it('is shared by all that goes into one transaction, and looked at once for it', () => {
    const { room, looks } = roomOn({ free: 13 * MIB });
    expect([room.reserve(MIB, false), room.reserve(MIB, false), room.reserve(MIB, false)]).toEqual([true, true, false]);
    expect(looks()).toBe(1);
    room.settled();
    expect(room.reserve(MIB, false)).toBe(true);
    expect(looks()).toBe(2);
  });

  it('is left for removals a little longer, as they make some', () => {
    const { room } = roomOn({ free: 7 * MIB });
    expect([room.reserve(MIB, false), room.reserve(MIB, true)]).toEqual([false, true]);
  });
});
