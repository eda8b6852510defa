/** Messages of the session as bytes, encoded once and only if somebody wants them: a replay keeps them for resumes but sends none. */
import { encodePrivate, encodeShared, type ServerPayload, type TypeOfStream } from '@ringmaster/protocol';

/** The domain names its messages by `t`; that `d` has the shape of the catalogue is tested, not typed. */
const shared = (t: string, e: string, s: number, at: number, d: object): Uint8Array =>
  encodeShared(t as TypeOfStream<'shared'>, e, s, at, d as ServerPayload<TypeOfStream<'shared'>>);
const personal = (t: string, e: string, p: number, at: number, d: object): Uint8Array =>
  encodePrivate(t as TypeOfStream<'private'>, e, p, at, d as ServerPayload<TypeOfStream<'private'>>);

/** Envelope of a message: type, history, number, time. */
const ENVELOPE_BYTES = 80;
const weightOf = (d: object): number => ENVELOPE_BYTES + JSON.stringify(d).length;

/** A message to everybody. `order` counts messages of the entity: it orders shared and private ones among each other. */
export class SharedFrame {
  #bytes: Uint8Array | null = null;

  constructor(
    readonly e: string,
    readonly s: number,
    readonly order: number,
    readonly t: string,
    private readonly at: number,
    private readonly d: object,
  ) {}

  /** About how many bytes it is, known without encoding it. */
  get weight(): number {
    return this.#bytes?.length ?? weightOf(this.d);
  }

  get bytes(): Uint8Array {
    return (this.#bytes ??= shared(this.t, this.e, this.s, this.at, this.d));
  }
}

export interface PrivateItem {
  readonly playerId: string;
  readonly p: number;
  readonly d: object;
}

/** Private messages of one type, made by one event: one or thousands. */
export class PrivateBatch {
  #index: ReadonlyMap<string, PrivateItem> | null = null;

  constructor(
    readonly e: string,
    readonly order: number,
    readonly t: string,
    private readonly at: number,
    readonly items: readonly PrivateItem[],
  ) {}

  /** About how many bytes its messages are together: they differ little from each other. */
  get weight(): number {
    const [first] = this.items;
    return first === undefined ? 0 : this.items.length * weightOf(first.d);
  }

  bytes({ p, d }: PrivateItem): Uint8Array {
    return personal(this.t, this.e, p, this.at, d);
  }

  /** The index is made at the first look: most batches are never looked into. */
  of(playerId: string): PrivateItem | undefined {
    if (this.items.length === 1) return this.items[0]?.playerId === playerId ? this.items[0] : undefined;
    this.#index ??= new Map(this.items.map((item) => [item.playerId, item]));
    return this.#index.get(playerId);
  }
}
