import { describe, expect, test } from '@jest/globals';
import { DEADLINE, Mailbox } from '../../src/entity/mailbox.js';
import type { AnyEnvelope } from '../../src/opaque.js';
import type { Lane } from '@ringmaster/actors';

const envelope = (lane: Lane, command: string): AnyEnvelope => ({ entityId: 'x', lane, command, replied: () => undefined, dropped: () => undefined });

function given(max = 10, nodeMax = 100) {
  const budget = { used: 0, max: nodeMax, maxEach: max };
  return { mailbox: new Mailbox(budget), budget };
}

function takeAll(mailbox: Mailbox): unknown[] {
  const all: unknown[] = [];
  for (let work = mailbox.next(); work; work = mailbox.next()) all.push(work === DEADLINE ? 'deadline' : work.command);
  return all;
}

describe('mailbox', () => {
  test('host before ordered before rest, each in order of arrival', () => {
    const { mailbox } = given();
    for (const [lane, command] of [['rest', 'r1'], ['ordered', 'o1'], ['host', 'h1'], ['ordered', 'o2'], ['host', 'h2']] as const) mailbox.push(envelope(lane, command));
    expect(takeAll(mailbox)).toEqual(['h1', 'h2', 'o1', 'o2', 'r1']);
  });

  test('T3: a deadline is behind what was received before it and before what comes after', () => {
    const { mailbox } = given();
    mailbox.push(envelope('ordered', 'before'));
    mailbox.markDeadline();
    mailbox.markDeadline();
    mailbox.push(envelope('ordered', 'after'));
    expect(takeAll(mailbox)).toEqual(['before', 'deadline', 'after']);
    expect(mailbox.deadlineMarked).toBe(false);
  });

  test('T4: what was stashed is judged again first, in its order', () => {
    const { mailbox } = given();
    for (const command of ['s1', 's2', 'n']) mailbox.push(envelope('ordered', command));
    for (let i = 0; i < 2; i++) mailbox.stash(mailbox.next() as AnyEnvelope);
    mailbox.push(envelope('host', 'h'));
    mailbox.unstash();
    expect(takeAll(mailbox)).toEqual(['s1', 's2', 'h', 'n']);
  });

  test('it is bounded by itself and by its node; stashed commands count', () => {
    const { mailbox, budget } = given(3, 4);
    const other = new Mailbox(budget);
    expect([1, 2, 3, 4].map((i) => mailbox.push(envelope('rest', `${i}`)))).toEqual([true, true, true, false]);
    mailbox.stash(mailbox.next() as AnyEnvelope);
    expect(mailbox.push(envelope('rest', 'x'))).toBe(false);
    expect([1, 2].map((i) => other.push(envelope('rest', `${i}`)))).toEqual([true, false]);
    expect(mailbox.drain()).toHaveLength(3);
    expect(other.drain()).toHaveLength(1);
    expect(budget.used).toBe(0);
  });

  test('a long queue is given in order', () => {
    const { mailbox } = given(10_000, 10_000);
    const expected: string[] = [];
    for (let i = 0; i < 5_000; i++) {
      mailbox.push(envelope('ordered', `${i}`));
      if (i % 2 === 1) expected.push((mailbox.next() as AnyEnvelope).command as string);
    }
    expected.push(...(takeAll(mailbox) as string[]));
    expect(expected).toEqual(Array.from({ length: 5_000 }, (_, i) => `${i}`));
  });
});
