/**
 * kafkajs 2.2.4 sets a timer again and again where no request waits (RequestQueue.scheduleCheckPendingRequests): 2,600 a second for one idle
 * producer, with negative times, of which Node warns. What is used of its internals fits that version alone, so any other is refused.
 */
import { createRequire } from 'node:module';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

export const KAFKAJS_VERSION = '2.2.4';

const { version: installed } = createRequire(import.meta.url)('kafkajs/package.json') as { readonly version: string };
let isGuarded = false;

/** Mends the timer, once per process. @throws Error for another version than 2.2.4 */
export function guardKafkajs(version: string = installed): void {
  if (version !== KAFKAJS_VERSION) {
    throw new Error(`kafkajs ${version} is installed, and the Kafka journal knows the inside of ${KAFKAJS_VERSION} alone: install kafkajs@${KAFKAJS_VERSION}, or choose the other client`);
  }
  if (isGuarded) return;
  isGuarded = true;
  const queue = RequestQueue.prototype;
  const schedule = queue.scheduleCheckPendingRequests;
  queue.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    // A request that comes while the broker throttles is put among the pending ones and schedules the check itself.
    if (this.pending.length > 0) schedule.call(this);
  };
}
