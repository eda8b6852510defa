/** The runtime never looks into commands, events, states, outputs or replies: inside it they have no type. */
import type { Behavior } from './behavior.js';
import type { Envelope } from './region/envelope.js';
import type { RegionObserver } from './region/observer.js';

export type AnyBehavior = Behavior<unknown, unknown, unknown, unknown, unknown>;
export type AnyEnvelope = Envelope<unknown, unknown>;
export type AnyObserver = RegionObserver<unknown>;
