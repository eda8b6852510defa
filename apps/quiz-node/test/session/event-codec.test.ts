import { readdirSync, readFileSync } from 'node:fs';
import { UnknownEventError } from '@ringmaster/actors';
import { expect, test } from '@jest/globals';
import { EVENT_VERSION, type Event } from '../../src/quiz/events.js';
import { eventTypes } from '../../src/session/domain.js';
import { eventReader } from '../../src/session/event-codec.js';

const read = eventReader<Event>({ types: eventTypes });
type Raw = Readonly<Record<string, unknown>> & { readonly type: string };
const folder = new URL('golden/', import.meta.url);

interface Golden {
  readonly version: number;
  /** As it stands in the journal, and as this release has it. */
  readonly events: readonly (readonly [raw: unknown, event: Event])[];
}
const goldens = readdirSync(folder).map((file) => [file, JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Golden] as const);

test.each(goldens)('%s: what was journaled is read as it was meant', (_, { version, events }) => {
  for (const [raw, event] of events) expect(read(raw, version)).toEqual(event);
});

test('there is a golden event of every type in the present version', () => {
  const present = goldens.filter(([, { version }]) => version === EVENT_VERSION).flatMap(([, { events }]) => events.map(([, { type }]) => type));
  expect(new Set(present)).toEqual(eventTypes);
});

test.each([
  [{ type: 'answer.lost' }, EVENT_VERSION],
  [{ type: 'session.started', cmdId: '1' }, EVENT_VERSION + 1],
  [{ type: 'session.started', cmdId: '1' }, 0],
  [null, EVENT_VERSION],
  ['session.started', EVENT_VERSION],
  [{}, EVENT_VERSION],
])('nothing is guessed: %j of version %d', (raw, version) => {
  expect(() => read(raw, version)).toThrow(UnknownEventError);
});

test('an older event takes every step up to the present version, in order', () => {
  const types = new Set(['c']);
  const upcasters = new Map([
    [1, (): Raw => ({ type: 'b', from: 1 })],
    [2, (event: Raw): Raw => ({ ...event, type: 'c', also: 2 })],
  ]);
  const reader = eventReader({ types, version: 3, oldest: 1, upcasters });
  expect(reader({ type: 'a' }, 1)).toEqual({ type: 'c', from: 1, also: 2 });
  expect(reader({ type: 'b' }, 2)).toEqual({ type: 'c', also: 2 });
  expect(() => eventReader({ types, version: 3, oldest: 1 })({ type: 'a' }, 1)).toThrow('no way from version 1');
});
