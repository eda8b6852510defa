/** A domain as small as one can be that still has deadlines, a stash, outages, parts, faults and an end. */
import { UnknownEventError, type Behavior, type Deadline, type Decision, type LastEvent } from '@ringmaster/actors';

export type CounterCommand =
  | { readonly type: 'add'; readonly by: number; /** Session time of receipt, ms. */ readonly recvAt?: number }
  | { readonly type: 'get' }
  | { readonly type: 'open'; readonly forMs: number; readonly behindReceived: boolean }
  /** Sets `times` deadlines that are due at once. */
  | { readonly type: 'chain'; readonly times: number }
  | { readonly type: 'closing' }
  | { readonly type: 'outage'; readonly byMs: number }
  | { readonly type: 'fill'; readonly bytes: number }
  /** Ends a round: its text never changes again. */
  | { readonly type: 'save' }
  | { readonly type: 'remove' }
  | { readonly type: 'throw'; readonly where: 'decide' | 'evolve' | 'outputs' | 'reply' };

export type CounterEvent =
  | { readonly type: 'added'; readonly by: number }
  | { readonly type: 'opened'; readonly closesAt: number; readonly behindReceived: boolean }
  | { readonly type: 'chained'; readonly times: number }
  | { readonly type: 'closed' }
  | { readonly type: 'extended'; readonly byMs: number }
  | { readonly type: 'filled'; readonly text: string }
  | { readonly type: 'saved' }
  | { readonly type: 'removed' }
  | { readonly type: 'poison'; readonly where: 'evolve' | 'outputs' };

export interface CounterState {
  readonly id: string;
  total: number;
  closesAt: number | null;
  behindReceived: boolean;
  chain: number;
  chainAt: number;
  text: string;
  readonly rounds: string[];
  lastAt: number;
  lastEpoch: number;
  exists: boolean;
  /** Every event so far; what a replay must give again. */
  readonly history: string[];
}

export interface CounterReply {
  readonly total: number;
  readonly n: number;
  readonly at: number;
  readonly late?: boolean;
}

type CounterDecision = Decision<CounterEvent, CounterState, CounterReply>;

export class Counter implements Behavior<CounterCommand, CounterEvent, CounterState, string, CounterReply> {
  eventVersion = 1;
  mayPassivateNow = true;
  /** What the next evolve of a poison event does: throw, or nothing. */
  poisonThrows = true;
  /** Deadlines cause nothing while true. */
  deaf = false;
  closings = 0;
  /** How often each state was made from nothing or from the store. */
  initials = 0;
  restores = 0;
  prepared = 0;

  initial(entityId: string): CounterState {
    this.initials++;
    return { id: entityId, total: 0, closesAt: null, behindReceived: false, chain: 0, chainAt: 0, text: '', rounds: [], lastAt: 0, lastEpoch: 0, exists: false, history: [] };
  }

  exists(state: CounterState): boolean {
    return state.exists;
  }

  decide(state: CounterState, command: CounterCommand, at: number): CounterDecision {
    const answer = (...events: CounterEvent[]): CounterDecision => ({ kind: 'answer', events, reply: ({ total }, meta) => ({ total, n: meta.n, at: meta.at }) });
    switch (command.type) {
      case 'add': {
        const late = (command.recvAt ?? at) > (state.closesAt ?? Infinity);
        return late ? { kind: 'stash' } : answer({ type: 'added', by: command.by });
      }
      case 'get':
        return answer();
      case 'open':
        return answer({ type: 'opened', closesAt: at + command.forMs, behindReceived: command.behindReceived });
      case 'chain':
        return answer({ type: 'chained', times: command.times });
      case 'closing':
        this.closings++;
        if (this.deaf) return answer();
        return state.chain > 0 ? answer({ type: 'chained', times: state.chain - 1 }) : answer({ type: 'closed' });
      case 'outage':
        return answer({ type: 'extended', byMs: command.byMs });
      case 'fill':
        return answer({ type: 'filled', text: 'x'.repeat(command.bytes) });
      case 'save':
        return answer({ type: 'saved' });
      case 'remove':
        return answer({ type: 'removed' });
      case 'throw':
        return this.decideToThrow(command.where);
    }
  }

  evolve(state: CounterState, event: CounterEvent, { epoch, at }: { epoch: number; at: number }): void {
    state.exists = true;
    state.lastAt = at;
    state.lastEpoch = epoch;
    state.history.push(event.type);
    switch (event.type) {
      case 'added':
        state.total += event.by;
        break;
      case 'opened':
        state.closesAt = event.closesAt;
        state.behindReceived = event.behindReceived;
        break;
      case 'chained':
        state.chain = event.times;
        state.chainAt = at;
        break;
      case 'closed':
        state.closesAt = null;
        break;
      case 'extended':
        state.closesAt = (state.closesAt ?? 0) + event.byMs;
        break;
      case 'filled':
        state.text += event.text;
        break;
      case 'saved':
        state.rounds.push(`${state.text}|${state.total}`);
        state.text = '';
        break;
      case 'removed':
        Object.assign(state, { exists: false, total: 0, closesAt: null, chain: 0, text: '' });
        break;
      case 'poison':
        state.total += 1_000; // half done
        if (event.where === 'evolve' && this.poisonThrows) throw new Error('evolve choked');
        break;
    }
  }

  outputs(state: CounterState, event: CounterEvent): readonly string[] {
    if (event.type === 'poison' && event.where === 'outputs') throw new Error('outputs choked');
    return [`${event.type} ${state.total}`];
  }

  nextDeadline(state: CounterState): Deadline | null {
    if (state.chain > 0) return { at: state.chainAt, behindReceived: false };
    return state.closesAt === null ? null : { at: state.closesAt, behindReceived: state.behindReceived };
  }

  deadlineCommand(): CounterCommand {
    return { type: 'closing' };
  }

  outageCommand(state: CounterState, { from, to }: { from: number; to: number }): CounterCommand | null {
    return state.closesAt === null ? null : { type: 'outage', byMs: to - from };
  }

  lastEvent({ lastEpoch, lastAt }: CounterState): LastEvent {
    return { epoch: lastEpoch, at: lastAt };
  }

  unstashes(event: CounterEvent): boolean {
    return event.type === 'closed' || event.type === 'extended';
  }

  mayPassivate(): boolean {
    return this.mayPassivateNow;
  }

  snapshotAfter(event: CounterEvent): boolean {
    return event.type === 'saved';
  }

  encodeEvent(event: CounterEvent): unknown {
    return event;
  }

  decodeEvent(raw: unknown, version: number): CounterEvent {
    if (version !== this.eventVersion) throw new UnknownEventError(`events of version ${version}`);
    return raw as CounterEvent;
  }

  prepareEvents(): Promise<void> | undefined {
    this.prepared++;
    return undefined;
  }

  prepareHead(): Promise<void> | undefined {
    return undefined;
  }

  snapshot(state: CounterState) {
    const { rounds, ...rest } = state;
    const parts = new Map(rounds.map((round, index) => [`round:${index}`, () => Buffer.from(round)]));
    return { head: Buffer.from(JSON.stringify({ ...rest, rounds: rounds.length })), parts };
  }

  partKeys(head: Uint8Array): readonly string[] {
    const { rounds } = JSON.parse(Buffer.from(head).toString()) as { rounds: number };
    return Array.from({ length: rounds }, (_, index) => `round:${index}`);
  }

  restore(_entityId: string, head: Uint8Array, parts: ReadonlyMap<string, Uint8Array>): CounterState {
    this.restores++;
    const state = JSON.parse(Buffer.from(head).toString()) as CounterState & { rounds: unknown };
    return { ...state, rounds: [...parts.values()].map((part) => Buffer.from(part).toString()) };
  }

  private decideToThrow(where: 'decide' | 'evolve' | 'outputs' | 'reply'): CounterDecision {
    if (where === 'decide') throw new Error('decide choked');
    if (where !== 'reply') return { kind: 'answer', events: [{ type: 'added', by: 1 }, { type: 'poison', where }], reply: ({ total }, meta) => ({ total, n: meta.n, at: meta.at }) };
    return {
      kind: 'answer',
      events: [{ type: 'added', by: 1 }],
      reply: () => {
        throw new Error('reply choked');
      },
    };
  }
}
