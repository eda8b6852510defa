/** What a benchmark is made of. A case is one piece of work; its sides do that same work in different ways. */

/** Sizes of the work, as numbers that fit on a command line. */
export type Params = Readonly<Record<string, number>>;

export interface SideResult {
  /** Measured values by key of their metric. */
  readonly values: Readonly<Record<string, number>>;
  /** What was verified of the content, for the report; a side that finds something wrong throws instead. */
  readonly verified: string;
  /** Keys of values that say nothing because something else was the bottleneck, with the reason. */
  readonly voided?: Readonly<Record<string, string>>;
}

export type Need = 'redis' | 'nginx';

export interface Side {
  readonly name: string;
  /** limit: not a product, the least that the work can cost on this machine. */
  readonly role: 'ours' | 'peer' | 'limit';
  readonly what: string;
  readonly needs?: readonly Need[];
  /** Core on which this process runs: 0 where it is itself what is measured, 1 where it is the load generator. */
  readonly core: 0 | 1;
  load(): Promise<{ run(params: Params, side: string): Promise<SideResult> }>;
}

export interface Metric {
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  readonly better: 'less' | 'more';
}

/** Either how many times better than a side, or a bound on our own value. */
export type Goal =
  | { readonly id: string; readonly metric: string; readonly against: string; readonly timesMin: number }
  | { readonly id: string; readonly metric: string; readonly bound: number };

export type Size = 'quick' | 'default' | 'full';

export interface Case {
  /** `benchmark/case`. */
  readonly name: string;
  readonly title: string;
  /** The first is the primary one. */
  readonly metrics: readonly Metric[];
  readonly sides: readonly Side[];
  readonly goals: readonly Goal[];
  readonly params: Readonly<Record<Size, Params>>;
  /** Sockets that one process holds in it; absent: hardly any. */
  sockets?(params: Params): number;
  /** Makes a folder that all runs may read; its path is in BENCH_PREPARED. It is removed afterwards. */
  prepare?(params: Params): Promise<string>;
  /** At most so many repetitions, where one takes long and hardly varies. */
  readonly repsMax?: number;
  /** A run may take so long, ms; absent: two minutes. */
  readonly runMsMax?: number;
}
