/** How bad things are at present between the processes and what they use. Changed by faults, calm after healing. */

export interface JournalWeather {
  /** Of an append: never lands, lands but nobody hears, lands long after its time-out, lands twice. */
  lost: number;
  unheard: number;
  late: number;
  doubled: number;
  /** Of a read. */
  failed: number;
  /** World time until which nothing is answered. */
  stalledUntil: number;
  /** Processes whose requests do not get through. */
  readonly cutOff: Set<string>;
  /** Processes that can write and trim, but whose reads fail: they do not learn what others have appended. */
  readonly blind: Set<string>;
}

export interface StoreWeather {
  /** Refused without effect; effect without an answer; done twice, as an SDK's retry does; slow by up to seconds. */
  throttled: number;
  unheard: number;
  repeated: number;
  slow: number;
  /** Processes whose calls take longer, each with these odds: writes take effect late, and answers to reads are old when they arrive. */
  readonly slowFor: Map<string, { readonly extraMs: number; readonly odds: number }>;
}

export interface Weather {
  readonly journal: JournalWeather;
  readonly store: StoreWeather;
  /** Probes that get lost, and nodes that no probe reaches. */
  probesLost: number;
  readonly unreachable: Set<string>;
}

export const calm = (): Weather => ({
  journal: { lost: 0, unheard: 0, late: 0, doubled: 0, failed: 0, stalledUntil: 0, cutOff: new Set(), blind: new Set() },
  store: { throttled: 0, unheard: 0, repeated: 0, slow: 0, slowFor: new Map() },
  probesLost: 0,
  unreachable: new Set(),
});

export function calmDown(weather: Weather): void {
  const fresh = calm();
  const { cutOff, blind } = weather.journal;
  const { slowFor } = weather.store;
  cutOff.clear();
  blind.clear();
  slowFor.clear();
  Object.assign(weather.journal, fresh.journal, { cutOff, blind });
  Object.assign(weather.store, fresh.store, { slowFor });
  weather.probesLost = 0;
  weather.unreachable.clear();
}
