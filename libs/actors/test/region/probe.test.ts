import { describe, expect, it } from '@jest/globals';
import type { Peers, ProbeAnswer } from '../../src/ports/membership.js';
import { ownerAnswers } from '../../src/region/probe.js';
import type { Retry } from '../../src/time/retry.js';

/** A process of the name `a`, boot `1`, in a cluster whose members are these. @returns whether it takes `owner` for one that answers, and whom it asked */
async function asked(owner: string, members: readonly string[], answer: ProbeAnswer | Error): Promise<{ readonly answers: boolean; readonly asked: readonly string[] }> {
  const nodes: string[] = [];
  const probe = async (node: string): Promise<ProbeAnswer> => {
    nodes.push(node);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  // The gap between two probes passes at once, the time-out of one never.
  const retry = { sleep: (ms: number) => (ms === 100 ? Promise.resolve() : new Promise(() => undefined)) } as unknown as Retry;
  const answers = await ownerAnswers(owner, 7, 3, retry, {
    self: { name: 'a', owner: 'a/1' }, peers: { probe } as unknown as Peers, isMember: (name) => members.includes(name), limits: { probeTimeoutMs: 450, probeGapMs: 100 },
  });
  return { answers, asked: nodes };
}

describe('whether an owner answers for its shard (O2)', () => {
  it('asks nobody where nobody owns the shard, or this process did', async () => {
    expect(await asked('', ['a/1'], 'owns')).toEqual({ answers: false, asked: [] });
    expect(await asked('a/1', ['a/1'], 'owns')).toEqual({ answers: false, asked: [] });
  });

  it('asks nobody where the process of its name before it did, which is gone or has been replaced', async () => {
    expect(await asked('a/0', ['a/1', 'b/1'], 'owns')).toEqual({ answers: false, asked: [] });
  });

  it('leaves the shard to a later process of its own name, which the members know in its place', async () => {
    expect(await asked('a/2', ['a/2', 'b/1'], 'owns')).toEqual({ answers: true, asked: ['a'] });
    expect(await asked('a/2', ['a/2', 'b/1'], 'no')).toEqual({ answers: false, asked: ['a'] });
  });

  it('asks another node twice before it takes it for dead', async () => {
    expect(await asked('b/1', ['a/1', 'b/1'], new Error('refused'))).toEqual({ answers: false, asked: ['b', 'b'] });
    expect(await asked('b/1', ['a/1', 'b/1'], 'owns')).toEqual({ answers: true, asked: ['b'] });
  });
});
