import { beforeEach, expect, test } from '@jest/globals';
import { decodeLinkFrame, type NodeRecord } from '@ringmaster/protocol';
import { SimTime } from '../../../../libs/actors/test/fakes/sim-time.js';
import { RouterLink } from '../../src/session/router-link.js';

let time: SimTime;
let frames: Uint8Array[];
let unsent: number;
let closed: number;
let link: RouterLink;

beforeEach(() => {
  time = new SimTime();
  frames = [];
  unsent = 0;
  closed = 0;
  const connection = { send: (frame: Uint8Array) => frames.push(frame), bufferedBytes: () => unsent, close: () => closed++ };
  link = new RouterLink(connection, time, { flushBytes: 100, hintBytesMax: 1_000, bufferedBytesMax: 2_000 });
});

const hint = (text: string): NodeRecord => ({ r: 'broadcast', sessionId: '7K3M9QRT', audience: 15, bytes: Buffer.from(text) });
const moving = (shard: number): NodeRecord => ({ r: 'moving', shard });
const records = (): NodeRecord[] => frames.flatMap((frame) => {
  const decoded = decodeLinkFrame(frame, 'node');
  if (!decoded.ok) throw new Error(decoded.reason);
  return [...decoded.records];
});

test('what one turn of the event loop gives goes out in one frame, in order', async () => {
  for (const shard of [3, 1, 2]) link.send(moving(shard));
  expect(frames).toEqual([]);
  await time.settle();
  expect(frames).toHaveLength(1);
  expect(records()).toEqual([3, 1, 2].map(moving));
});

test('a large frame does not wait', () => {
  link.send(hint('x'.repeat(100)));
  expect(frames).toHaveLength(1);
});

test('a router that is slow gets no hints, but all that is numbered', async () => {
  unsent = 1_001;
  link.hint(hint('dropped'));
  link.send(moving(1));
  await time.settle();
  expect(records()).toEqual([moving(1)]);
});

test('a router that does not read loses its link, instead of records', async () => {
  unsent = 2_001;
  link.send(moving(1));
  await time.settle();
  expect([closed, link.up]).toEqual([1, false]);
  link.send(moving(2));
  await time.settle();
  expect(records()).toEqual([moving(1)]);
});
