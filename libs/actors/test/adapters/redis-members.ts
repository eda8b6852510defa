/** Members of one cluster against a real Redis, all in this process, with short times. */
import { randomBytes } from 'node:crypto';
import type { Joining, MembershipView } from '@ringmaster/actors';
import { RedisMembership, type RedisMembershipLimits } from '@ringmaster/actors/adapters/redis/membership';
import { systemClock, systemTimers } from '@ringmaster/actors/adapters/system/clock';
import { until } from '../../../../test/services/until.js';

export const WAIT_MS_MAX = 15_000;
/** Long enough that a busy machine does not kill anybody, short enough to wait for. */
export const quick: Partial<RedisMembershipLimits> = { beatEveryMs: 40, deadAfterMs: 1_000, graceMs: 1_000, forgetAfterMs: 1_500 };

export interface TestMember {
  readonly membership: RedisMembership;
  readonly self: Joining;
  /** Every view that listeners were given. */
  readonly views: MembershipView[];
  /** What was noted: events with what they are about. */
  readonly notes: { readonly event: string; readonly about: Readonly<Record<string, unknown>> }[];
}

export class RedisMembers {
  readonly keyPrefix = `test-${randomBytes(6).toString('hex')}:`;
  readonly #open: RedisMembership[] = [];
  #boots = 0;

  constructor(private readonly url: string) {}

  /** A process that has not joined. */
  start(name: string, kind: Joining['kind'] = 'node', limits: Partial<RedisMembershipLimits> = quick, keyPrefix = this.keyPrefix): TestMember {
    const notes: TestMember['notes'] = [];
    const membership = new RedisMembership({
      url: this.url,
      keyPrefix,
      clock: systemClock,
      timers: systemTimers({ keepAlive: true }),
      limits,
      note: (event, about) => notes.push({ event, about }),
    });
    this.#open.push(membership);
    const views: MembershipView[] = [];
    membership.onChange((view) => views.push(view));
    const boot = `boot-${(this.#boots += 1)}`;
    return { membership, self: { kind, name, boot, address: `127.0.0.1:${4_000 + this.#boots}` }, views, notes };
  }

  async joined(name: string, kind: Joining['kind'] = 'node', limits: Partial<RedisMembershipLimits> = quick): Promise<TestMember> {
    const member = this.start(name, kind, limits);
    await member.membership.join(member.self);
    return member;
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#open.map((membership) => membership.close()));
  }
}

export const namesOf = ({ membership }: TestMember): string[] => membership.view().nodes.map(({ name }) => name);

/** Waits until each of them sees exactly these nodes. */
export async function all(members: readonly TestMember[], names: readonly string[]): Promise<void> {
  const wanted = names.join();
  await until(`all see ${wanted}`, WAIT_MS_MAX, () => (members.every((member) => namesOf(member).join() === wanted) ? true : undefined));
}

export async function when(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  await until(what, WAIT_MS_MAX, async () => ((await holds()) ? true : undefined));
}
