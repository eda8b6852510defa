/** The composition root of the process, for Nest: what the edges (REST, probes, metrics) are given. Controllers are added by the program that makes it. */
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import type { Clock, Peers, Records, Region } from '@ringmaster/actors';
import type { NodeConfig } from './config.js';
import type { NodeMetrics } from './ops/metrics.js';
import type { SessionCommand, SessionReply } from './session/session-command.js';
import type { SessionEdge } from './session/session-edge.js';

export type QuizRegion = Region<SessionCommand, SessionReply>;

/** Everything that a node is made of, once it is put together. */
export interface NodeParts {
  readonly config: NodeConfig;
  readonly clock: Clock;
  readonly records: Records;
  readonly peers: Peers;
  readonly edge: SessionEdge;
  readonly region: QuizRegion;
  readonly metrics: NodeMetrics;
  /** Shards that the ring gives this node are served; false again while it drains. */
  readonly isReady: () => boolean;
  /** No room on the disk for new sessions. */
  readonly isFull: () => boolean;
  /** Begins the planned end of the process. */
  readonly drain: (why: string) => void;
}

export const CONFIG = Symbol('NodeConfig');
export const REGION = Symbol('QuizRegion');
export const RECORDS = Symbol('Records');
export const DECKS = Symbol('Decks');
export const SESSIONS = Symbol('SessionDesk');
export const PARTS = Symbol('NodeParts');

@Module({})
export class QuizNodeModule {
  static of(parts: NodeParts, controllers: readonly Type[] = []): DynamicModule {
    const { config, region, records, edge } = parts;
    const values: readonly (readonly [symbol, unknown])[] = [
      [PARTS, parts], [CONFIG, config], [REGION, region], [RECORDS, records], [DECKS, edge.decks], [SESSIONS, edge.desk],
    ];
    return {
      module: QuizNodeModule,
      controllers: [...controllers],
      providers: values.map(([provide, useValue]) => ({ provide, useValue })),
      exports: values.map(([provide]) => provide),
    };
  }
}
