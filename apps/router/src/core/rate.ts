import { TokenBucket } from './token-bucket.js';

export interface OverRateLimits {
  readonly overRateFramesMax: number;
  readonly overRateWindowMs: number;
}

export type RateVerdict = 'within' | 'over' | 'abuse';

/** The rate of one client's frames: over it a frame is marked, for the node to refuse; too many marked ones within the window are abuse (4005). */
export class FrameRate {
  readonly #limits: OverRateLimits;
  readonly #bucket: TokenBucket;
  /** When the last marked frames came; made for offenders only. */
  #marked: number[] | null = null;

  constructor(perSecond: number, burst: number, now: number, limits: OverRateLimits) {
    this.#limits = limits;
    this.#bucket = new TokenBucket(perSecond, burst, now);
  }

  judge(now: number): RateVerdict {
    if (this.#bucket.take(now)) return 'within';
    const { overRateFramesMax, overRateWindowMs } = this.#limits;
    const marked = (this.#marked ??= []);
    while (marked[0] !== undefined && marked[0] <= now - overRateWindowMs) marked.shift();
    marked.push(now);
    return marked.length > overRateFramesMax ? 'abuse' : 'over';
  }
}
