/**
 * Events as they stand in the journal. Readers accept this release's version and the one before; upcasters are pure and tested on golden files. An event of a
 * type or version that is not known halts the shard (I9): nothing is guessed.
 */
import { UnknownEventError } from '@ringmaster/actors';
import { EVENT_VERSION } from '../quiz/events.js';

/** The oldest version that this release reads. */
export const OLDEST_EVENT_VERSION = 1;

type RawEvent = Readonly<Record<string, unknown>> & { readonly type: string };
/** From a version to the next one. */
export type Upcaster = (event: RawEvent) => RawEvent;

/** By the version that they start from. An entry comes with every rise of EVENT_VERSION. */
const upcasters: ReadonlyMap<number, Upcaster> = new Map();

export interface EventCodecOptions {
  readonly types: ReadonlySet<string>;
  readonly version?: number;
  readonly oldest?: number;
  readonly upcasters?: ReadonlyMap<number, Upcaster>;
}

/** @returns reads an event of any known version as one of the present version. @throws UnknownEventError */
export function eventReader<Event>(options: EventCodecOptions): (raw: unknown, version: number) => Event {
  const { types, version: present = EVENT_VERSION, oldest = OLDEST_EVENT_VERSION, upcasters: steps = upcasters } = options;
  return (raw, version) => {
    if (version > present || version < oldest) throw new UnknownEventError(`events of version ${version}; this release reads ${oldest} to ${present}`);
    if (typeof raw !== 'object' || raw === null || typeof (raw as RawEvent).type !== 'string') throw new UnknownEventError('an event without a type');
    let event = raw as RawEvent;
    for (let at = version; at < present; at++) {
      const step = steps.get(at);
      if (step === undefined) throw new UnknownEventError(`no way from version ${at} to ${at + 1} of ${event.type}`);
      event = step(event);
    }
    if (!types.has(event.type)) throw new UnknownEventError(`event ${event.type} of version ${version}`);
    return event as unknown as Event;
  };
}
