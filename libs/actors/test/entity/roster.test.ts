import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DeadlineHeap } from '../../src/entity/deadline-heap.js';
import { Roster } from '../../src/entity/roster.js';

describe('deadline heap', () => {
  test('gives slots in the order of their times, whatever was set, moved and taken back before', () => {
    const change = fc.record({ slot: fc.nat(40), time: fc.option(fc.nat(1_000), { nil: Infinity }) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
        const heap = new DeadlineHeap();
        const model = new Map<number, number>();
        for (const { slot, time } of changes) {
          heap.set(slot, time);
          if (time === Infinity) model.delete(slot);
          else model.set(slot, time);
          expect(heap.timeOf(slot)).toBe(time);
          expect(heap.earliest).toBe(Math.min(Infinity, ...model.values()));
        }
        const expected = [...model].sort((a, b) => a[1] - b[1] || a[0] - b[0]).map(([slot]) => slot);
        const taken: number[] = [];
        for (let slot = heap.takeDue(1_000); slot !== -1; slot = heap.takeDue(1_000)) taken.push(slot);
        expect(taken).toEqual(expected);
      }),
    );
  });

  test('gives nothing whose time has not come', () => {
    const heap = new DeadlineHeap();
    heap.set(3, 100);
    expect([heap.takeDue(99), heap.takeDue(100), heap.takeDue(100)]).toEqual([-1, 3, -1]);
  });
});

describe('S4: the roster', () => {
  test('keeps (id, n, deadline), and uses a slot again', () => {
    const roster = new Roster();
    roster.add('a');
    roster.setCovered('a', 7);
    roster.arm('a', 50);
    roster.remove('a');
    roster.add('b');
    expect([roster.has('a'), roster.has('b'), roster.covered('a'), roster.covered('b'), roster.earliest]).toEqual([false, true, 0, 0, Infinity]);
    roster.arm('b', 20);
    expect([roster.takeDue(19), roster.takeDue(20)]).toEqual([undefined, 'b']);
  });
});
