/** Every limit of the router: those of the protocol, and those that concern only this program. All in the unit of their name. */
import { defaultLimits, type Limits } from '@ringmaster/protocol';

export const routerOnlyLimits = {
  stallTickMs: 20,
  stallMs: 45,
  linkDeadMs: 1_500,
  linkGreetMs: 5_000,
  redialMinMs: 50,
  redialMaxMs: 1_000,
  linkBufferedBytesMax: 64 * 1024 * 1024,
  /** Unsent bytes on any link from which new clients are refused. */
  linkShedBytes: 8 * 1024 * 1024,
  hopBackOffMinMs: 100,
  hopBackOffMaxMs: 1_000,
  stallHintMs: 1_000,
  fillWithinMs: 2_000,
  /** Sockets written to before others get their turn. */
  chunkSockets: 250,
  /** How often a socket with many unsent bytes is looked at. */
  slowLookMs: 500,
  /** Frames of clients that are gone, kept until they are done; the oldest are discarded above it. */
  goneBytesMax: 64 * 1024 * 1024,
  goneConnectionsMax: 20_000,
  socketsMax: 20_000,
  /** A drain spreads its closes over so long for each socket, and over this in all at most. */
  drainPerSocketMs: 2,
  drainSpreadMs: 5_000,
} as const;

export type RouterLimits = Limits & Readonly<Record<keyof typeof routerOnlyLimits, number>>;

export const defaultRouterLimits: RouterLimits = Object.freeze({ ...defaultLimits, ...routerOnlyLimits });
