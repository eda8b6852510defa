/**
 * O2: whether an owner answers for its shard. Being alive is not enough: it is asked for the shard and the epoch of its claim.
 * Two failures within a second, or a "no", allow a claim. A false suspicion costs a moment, never correctness.
 */
import type { Limits } from '../limits.js';
import type { Peers, ProbeAnswer } from '../ports/membership.js';
import type { Retry } from '../time/retry.js';
import { nameOf, type NodeIdentity } from './runtime.js';

export interface ProbePorts {
  readonly self: NodeIdentity;
  readonly peers: Peers;
  readonly limits: Pick<Limits, 'probeTimeoutMs' | 'probeGapMs'>;
}

/** @param owner as the last accepted claim names it; empty when nobody owns the shard. @throws Ended */
export async function ownerAnswers(owner: string, shard: number, epoch: number, retry: Retry, ports: ProbePorts): Promise<boolean> {
  const node = nameOf(owner);
  if (node === '' || node === ports.self.name) return false; // O2, O3 nobody, or this node, which is not active
  const first = await probe(node, shard, epoch, retry, ports);
  if (first !== undefined) return first !== 'no';
  await retry.sleep(ports.limits.probeGapMs);
  const second = await probe(node, shard, epoch, retry, ports);
  return second !== undefined && second !== 'no'; // O2 two failures, or "no"
}

/** @returns undefined when there was no answer in time. */
async function probe(node: string, shard: number, epoch: number, retry: Retry, { peers, limits }: ProbePorts): Promise<ProbeAnswer | undefined> {
  const answer = peers.probe(node, shard, epoch).catch(() => undefined);
  return Promise.race([answer, retry.sleep(limits.probeTimeoutMs).then(() => undefined)]);
}
