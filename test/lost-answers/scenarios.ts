/** What goes wrong, and what the application does then: it takes a failed send for failed, and goes on with its next records. */
import type { KafkaOptions } from '@ringmaster/actors/adapters/kafka/kafkajs/journal';
import type { Stage } from './stage.js';
import { Ledger, type Tally } from './tally.js';
import { ATTEMPTS, type Open, type Writer } from './writers.js';

export interface Scenario {
  readonly name: string;
  readonly what: string;
  /** Attempts of one send; undefined: as many as the client makes by default. */
  readonly attempts?: number;
  readonly rounds: number;
  run(drive: Drive, rounds: number): Promise<void>;
}

/** Partitions that are written, and one that takes nothing. */
const LANES = 4;
const REFUSING = 7;

/** A writer with its ledger. */
export class Drive {
  constructor(
    readonly stage: Stage,
    private readonly writer: Writer,
    private readonly ledger: Ledger,
    private readonly options: KafkaOptions,
  ) {}

  cutPower(): Promise<void> {
    return this.stage.cutPower(this.options);
  }

  async send(count: number, partition = 0, tooLargeFor?: number): Promise<void> {
    const ids = this.ledger.next(partition, count);
    try {
      await this.writer.send({ partition, ids, ...(tooLargeFor === undefined ? {} : { tooLargeFor }) });
      this.ledger.acknowledge(ids);
    } catch (error) {
      this.ledger.fail(nameOf(error));
    }
  }

  /** Sends at once, each into a partition of its own, or, where the client allows it, all into one. */
  async together(sends: number, into: 'one' | 'each its own'): Promise<void> {
    await Promise.all(Array.from({ length: sends }, (_, i) => this.send(1, into === 'one' && this.writer.overlaps ? 0 : i)));
  }
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'tried again', what: 'sends one after another, every seventh answer lost, the client tries again', rounds: 200,
    run: async (drive, rounds) => {
      drive.stage.cutEvery(7);
      for (let round = 0; round < rounds; round++) await drive.send(1 + (round % 3));
    },
  },
  {
    name: 'used up', what: `all ${ATTEMPTS} answers of a send lost, then three sends of as many records that nothing happens to`, attempts: ATTEMPTS, rounds: 20,
    run: async (drive, rounds) => {
      for (let round = 0; round < rounds; round++) {
        drive.stage.cutNext(ATTEMPTS);
        for (let i = 0; i < 4; i++) await drive.send(1);
      }
    },
  },
  {
    name: 'used up, other size', what: `all ${ATTEMPTS} answers of a send of two records lost, then three sends of three records`, attempts: ATTEMPTS, rounds: 20,
    run: async (drive, rounds) => {
      for (let round = 0; round < rounds; round++) {
        drive.stage.cutNext(ATTEMPTS);
        await drive.send(2);
        for (let i = 0; i < 3; i++) await drive.send(3);
      }
    },
  },
  {
    name: 'used up, restart', what: `all ${ATTEMPTS} answers of a send lost, the broker killed and started again, then three sends`, attempts: ATTEMPTS, rounds: 3,
    run: async (drive, rounds) => {
      for (let round = 0; round < rounds; round++) {
        await drive.send(1);
        drive.stage.cutNext(ATTEMPTS);
        await drive.send(1);
        await drive.cutPower();
        for (let i = 0; i < 3; i++) await drive.send(1);
      }
    },
  },
  {
    name: 'overlapping', what: `${LANES} sends at once to one partition (the journal: to one each), the first answer lost, the client tries again as often as it does by default`, rounds: 50,
    run: async (drive, rounds) => {
      for (let round = 0; round < rounds; round++) {
        drive.stage.cutNext(1);
        await drive.together(LANES, 'one');
      }
    },
  },
  {
    name: 'side by side', what: `${LANES} sends at once to one partition each, the first answer lost, the client tries again as often as it does by default`, rounds: 50,
    run: async (drive, rounds) => {
      for (let round = 0; round < rounds; round++) {
        drive.stage.cutNext(1);
        await drive.together(LANES, 'each its own');
      }
    },
  },
  {
    name: 'refused in part', what: 'a send to two partitions, of which one refuses its record for its size; then two sends to the other. No answer is lost', rounds: 50,
    run: async (drive, rounds) => {
      for (let round = 0; round < rounds; round++) {
        await drive.send(1, 0, REFUSING);
        for (let i = 0; i < 2; i++) await drive.send(1);
      }
    },
  },
];

/** A topic of its own, a fresh writer, and the count at the end. */
export async function play(stage: Stage, scenario: Scenario, open: Open, rounds = scenario.rounds): Promise<Tally> {
  const options: KafkaOptions = await stage.topic();
  const ledger = new Ledger();
  stage.cutNone();
  const writer = await open(options, { attempts: scenario.attempts });
  const before = stage.proxy.cut;
  try {
    const drive = new Drive(stage, writer, ledger, options);
    for (let lane = 0; lane < LANES; lane++) await drive.send(1, lane); // the way to the leader is known, and the shards are claimed
    await scenario.run(drive, rounds);
    stage.cutNone();
  } finally {
    await writer.close();
  }
  const log = (await stage.read(options)).flatMap((values, partition) => values.flatMap((value) => writer.idOf(value, partition) ?? []));
  return ledger.close(log, stage.proxy.cut - before);
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, cause, type } = error as { readonly code?: unknown; readonly cause?: unknown; readonly type?: unknown };
  const own = typeof type === 'string' ? type : typeof code === 'string' ? code : error.name;
  return cause instanceof Error && cause !== error && own === error.name ? `${own} (${nameOf(cause)})` : own;
}
