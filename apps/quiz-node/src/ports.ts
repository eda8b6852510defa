/** The adapters behind the ports of one node. Composition only. */
import { resolve } from 'node:path';
import type { Clock, Journal, JoinableMembership, Peers, Random, Records, SnapshotStore, Timers } from '@ringmaster/actors';
import { openLmdbStore } from '@ringmaster/actors/adapters/lmdb/store';
import { noPeers, staticMembership } from '@ringmaster/actors/adapters/static/membership';
import type { Registry } from 'prom-client';
import type { NodeConfig } from './config.js';

export interface NodePorts {
  readonly journal: Journal;
  readonly snapshots: SnapshotStore;
  readonly records: Records;
  readonly membership: JoinableMembership;
  readonly peers: Peers;
  /** No new sessions should be let in. */
  readonly isFull: () => boolean;
  readonly close: () => Promise<void>;
}

export interface PortsDeps {
  readonly boot: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  /** Nothing may be written any more: the process has to end and recover. */
  readonly onFatal: (error: Error) => void;
  readonly note: (event: string, about: Readonly<Record<string, unknown>>) => void;
  /** Gets the metrics of the services behind the ports, where there are any. */
  readonly registry?: Registry;
  /** A later process bears this node's name: it is the member, and this one has to go. */
  readonly replaced: () => void;
}

/** @throws DataDirError, ClusterSetupError: what is there cannot be used, and was left as it is; JournalError: the same, or nobody answers. */
export async function openPorts(config: NodeConfig, deps: PortsDeps): Promise<NodePorts> {
  if (config.cluster === undefined) return openEmbeddedPorts(config, deps);
  // The clients of three services: whoever does not need them does not load them.
  const { openClusterPorts } = await import('./cluster-ports.js');
  return openClusterPorts(config.cluster, config, deps);
}

/** All in one folder. */
async function openEmbeddedPorts(config: NodeConfig, { boot, clock, timers, onFatal }: PortsDeps): Promise<NodePorts> {
  const store = await openLmdbStore({ folder: resolve(config.dataDir), shards: config.shards, clock, timers, onFatal });
  const self = { name: config.nodeName, boot, address: `${config.host}:${config.port}` };
  return {
    journal: store.journal,
    snapshots: store.snapshots,
    records: store.records,
    membership: staticMembership({ nodes: [self], routers: config.routers }),
    peers: noPeers,
    isFull: () => store.isFull(),
    close: () => store.close(),
  };
}
