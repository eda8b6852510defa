/**
 * The records of the link between router and quiz-node (rules K1–K7 and T1–T4 of the shard protocol). A link frame is a version byte and any number of
 * records, all in one direction. `conn` is the router's number of a client connection on this link. Times are f64 ms; every other number is an integer ≥ 0.
 * A decoded byte string is a view into its frame: who keeps one for long (`bind`) copies it, or it keeps the whole frame in memory.
 */
import type { Role } from '../roles.js';

/** Readers accept this version. It is raised when a record changes; then the version before it stays readable for one release. */
export const LINK_VERSION = 1;

/** Bits of `flags` in the router's `data`. */
export const dataFlag = { overRate: 1, binaryFrame: 2 } as const;

export interface LinkHello {
  readonly r: 'linkHello';
  readonly router: string;
  /** Random per start of the process: a name is no identity. */
  readonly boot: string;
}

/** A client connection of this session is at this router; sent again to each next owner (K3–K5). */
export interface OpenRecord {
  readonly r: 'open';
  readonly conn: number;
  /** Unique for the connection's whole life, over all links. */
  readonly connId: string;
  readonly sessionId: string;
  /** The client's address. */
  readonly remote: string;
  /** The last owner's session time − this node's monotonic time, as the router estimates: true however long the record is on its way; 0 = unknown (T1). */
  readonly ownerOffset: number;
  /** Epoch of the last owner that the router knows of; 0 = none. */
  readonly ownerEpoch: number;
  /** Session time of the last beat that the router saw from that owner; 0 = unknown (T2: the outage begins there). */
  readonly ownerSeenAt: number;
  /** How often this connection was sent on since it was last served. */
  readonly hops: number;
  /** What the owner before gave in `bind`, unread. */
  readonly bind?: Uint8Array;
  /** Last `s` and `p` that were written to the client (K4). */
  readonly s?: number;
  readonly p?: number;
  readonly rttMinMs?: number;
  readonly rttSamples?: number;
}

/** A frame of the client. `recvAt` is its arrival in session time of the owner it was first handed to (T1). */
export interface ClientData {
  readonly r: 'data';
  readonly conn: number;
  /** Number of the frame in its connection, from 1, dense (K1). */
  readonly k: number;
  readonly recvAt: number;
  /** Bits of `dataFlag`. */
  readonly flags: number;
  readonly bytes: Uint8Array;
}

/** Router→node: the client is gone, with this close code. Node→router: close the client's socket after what was sent before; `done` as in `data`. */
export interface ClientClosed {
  readonly r: 'close';
  readonly conn: number;
  readonly code: number;
}

export interface RttRecord {
  readonly r: 'rtt';
  readonly conn: number;
  readonly minMs: number;
  readonly samples: number;
}

export interface AttachedShard {
  readonly shard: number;
  /** As `owner` told it; 0 = the router knows of no owner. */
  readonly epoch: number;
  /** What the last owner's session time would be now, 0 = unknown. */
  readonly ownerOffset: number;
}

/** All opens and kept frames of these shards have been sent on this link (T3). */
export interface AttachedRecord {
  readonly r: 'attached';
  readonly shards: readonly AttachedShard[];
}

export interface ClockRecord {
  readonly r: 'clock';
  /** The router's clock in the node's monotonic time. */
  readonly now: number;
  /** The router's own monotonic clock; comes back in `beat`. */
  readonly mono: number;
}

export interface LinkWelcome {
  readonly r: 'linkWelcome';
  readonly node: string;
  readonly boot: string;
  /** Number of shards of the cluster; a router with another number refuses the link. */
  readonly shards: number;
}

export interface BeatRecord {
  readonly r: 'beat';
  /** The node's monotonic clock. */
  readonly mono: number;
  /** `mono` of the `clock` that this answers. */
  readonly echo: number;
}

export interface OwnerRecord {
  readonly r: 'owner';
  readonly shard: number;
  readonly epoch: number;
  /** Session time = the node's monotonic time + offset; may be negative. */
  readonly offset: number;
}

/** A frame for one client. */
export interface NodeData {
  readonly r: 'data';
  readonly conn: number;
  /** This frame is the reply to `k` (K2). */
  readonly done?: number;
  readonly s?: number;
  readonly p?: number;
  /** A client snapshot: `s` and `p` are set to these values; otherwise each must be the last + 1 (K4). */
  readonly reset: boolean;
  readonly bytes: Uint8Array;
}

/** Who this connection is, with its welcome and what follows at once, in one record (K5). Sets the position to `s`, `p`. */
export interface BindRecord {
  readonly r: 'bind';
  readonly conn: number;
  readonly done: number;
  readonly s: number;
  readonly p: number;
  readonly role: Role;
  readonly playerId?: string;
  /** `gen = (epoch, count)` orders the connections of one player. */
  readonly genEpoch: number;
  readonly genCount: number;
  readonly perSecond: number;
  readonly burst: number;
  /** For the next owner; the router does not read it. */
  readonly bind: Uint8Array;
  readonly frames: readonly Uint8Array[];
}

export interface EachItem {
  readonly conn: number;
  readonly p: number;
  readonly bytes: Uint8Array;
}

/** A private message to each of many connections. */
export interface EachRecord {
  readonly r: 'each';
  readonly items: readonly EachItem[];
}

/** One copy per router; it goes to its connections of this session whose role is in `audience`. Without `s`: a hint. */
export interface BroadcastRecord {
  readonly r: 'broadcast';
  readonly sessionId: string;
  /** Sum of `audienceBit`. */
  readonly audience: number;
  readonly s?: number;
  readonly bytes: Uint8Array;
}

export interface NodeClose {
  readonly r: 'close';
  readonly conn: number;
  readonly code: number;
  /** The close settles this frame. */
  readonly done?: number;
}

export interface MovingRecord {
  readonly r: 'moving';
  readonly shard: number;
}

export interface NotOwnerRecord {
  readonly r: 'notOwner';
  readonly conn: number;
  readonly shard: number;
  /** Name of the node to try next, or "". */
  readonly hint: string;
}

export interface MemberAddress {
  readonly name: string;
  /** `host:port` of its HTTP and link server. */
  readonly address: string;
}

/**
 * Who is there, as far as this node knows: sent behind `linkWelcome`, and again whenever it has heard of another set of nodes. A hint, for a router that cannot
 * hear of them itself. The router dials what it is told and shows LINK_SECRET there: a told address is as trusted as the node, which has the secret as well.
 */
export interface MembersRecord {
  readonly r: 'members';
  /** Up to 1,000, with names of up to 128 bytes. */
  readonly nodes: readonly MemberAddress[];
}

export type RouterRecord = LinkHello | OpenRecord | ClientData | ClientClosed | RttRecord | AttachedRecord | ClockRecord;
export type NodeRecord =
  | LinkWelcome | BeatRecord | OwnerRecord | NodeData | BindRecord | EachRecord | BroadcastRecord | NodeClose | MovingRecord | NotOwnerRecord | MembersRecord;

export interface LinkRecords {
  readonly router: RouterRecord;
  readonly node: NodeRecord;
}
/** Who sent a frame. */
export type LinkSender = keyof LinkRecords;

/** First byte of a record. The two directions share no number, so a frame that went the wrong way is not understood. */
export const recordTag = {
  router: { linkHello: 1, open: 2, data: 3, close: 4, rtt: 5, attached: 6, clock: 7 },
  node: { linkWelcome: 33, beat: 34, owner: 35, data: 36, bind: 37, each: 38, broadcast: 39, close: 40, moving: 41, notOwner: 42, members: 43 },
} as const satisfies { [S in LinkSender]: { [R in LinkRecords[S]['r']]: number } };
