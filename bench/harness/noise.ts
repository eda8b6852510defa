/** How quiet the machine is: probed before every run, and again after a pause while it is not. */
import { fileURLToPath } from 'node:url';
import { firstLine, startPinned } from './pinned.js';

export interface Noise {
  /** The worse of both cores: 1 is a core of one's own at its best speed seen so far; 2 took twice as long. */
  readonly factor: number;
  readonly quiet: boolean;
}

interface Probe {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** Slower than this is no quiet machine. */
const QUIET_MAX = 1.25;
const PAUSE_MS = 1_500;
const TRIES = 4;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function probe(core: 0 | 1): Promise<Probe> {
  const started = startPinned(core, process.execPath, [fileURLToPath(new URL('./noise-probe.js', import.meta.url))]);
  return firstLine(started, (line) => JSON.parse(line) as Probe);
}

export class NoiseWatch {
  #bestMs = Infinity;
  #waitedMs = 0;

  constructor(
    /** After so much waiting in all, the machine is taken as it is. */
    private readonly patienceMs: number,
  ) {}

  /** Waits for a quiet machine, within bounds. */
  async settle(): Promise<Noise> {
    for (let attempt = 1; ; attempt += 1) {
      const noise = await this.#look();
      if (noise.quiet || attempt === TRIES || this.#waitedMs >= this.patienceMs) return noise;
      await pause(PAUSE_MS);
      this.#waitedMs += PAUSE_MS;
    }
  }

  async #look(): Promise<Noise> {
    const probes = await Promise.all([probe(0), probe(1)]);
    this.#bestMs = Math.min(this.#bestMs, ...probes.map(({ cpuMs }) => cpuMs));
    const factor = Math.max(...probes.map(({ wallMs }) => wallMs)) / this.#bestMs;
    return { factor, quiet: factor <= QUIET_MAX };
  }
}
