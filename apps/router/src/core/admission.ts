/**
 * Owns who may connect: upgrades per second of this process, upgrades and sockets per address, sockets that have not said who they are. New connections are
 * shed before admitted players are hurt. Time is an argument, in monotonic ms.
 */
import { TokenBucket } from './token-bucket.js';

export interface AdmissionLimits {
  readonly upgradesPerSecond: number;
  readonly ipBurstUpgrades: number;
  readonly ipUpgradesPerSecond: number;
  readonly ipSocketsMax: number;
  readonly unauthenticatedSocketsMax: number;
  readonly socketsMax: number;
}

export interface Refusal {
  readonly reason: 'overload' | 'address';
  readonly retryAfterS: number;
}

interface Address {
  readonly bucket: TokenBucket;
  sockets: number;
}

/** Addresses that are remembered at most; idle ones are forgotten first. */
const ADDRESSES_MAX = 50_000;

export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #upgrades: TokenBucket;
  readonly #addresses = new Map<string, Address>();
  #sockets = 0;
  #unauthenticated = 0;

  constructor(limits: AdmissionLimits, now: number) {
    this.#limits = limits;
    this.#upgrades = new TokenBucket(limits.upgradesPerSecond, limits.upgradesPerSecond, now);
  }

  get unauthenticated(): number {
    return this.#unauthenticated;
  }

  get sockets(): number {
    return this.#sockets;
  }

  /** Null: may upgrade. Asked once an upgrade; `entered` follows when it succeeds. */
  ask(remote: string, now: number): Refusal | null {
    const { unauthenticatedSocketsMax, socketsMax, ipSocketsMax } = this.#limits;
    if (!isLoopback(remote)) {
      const address = this.#address(remote, now);
      if (address === null) return { reason: 'overload', retryAfterS: 5 };
      if (address.sockets >= ipSocketsMax) return { reason: 'address', retryAfterS: 10 };
      if (!address.bucket.take(now)) return { reason: 'address', retryAfterS: 1 };
    }
    if (this.#sockets >= socketsMax) return { reason: 'overload', retryAfterS: 5 };
    if (this.#unauthenticated >= unauthenticatedSocketsMax) return { reason: 'overload', retryAfterS: 2 };
    return this.#upgrades.take(now) ? null : { reason: 'overload', retryAfterS: 1 };
  }

  entered(remote: string, now: number): void {
    this.#sockets++;
    this.#unauthenticated++;
    if (isLoopback(remote)) return;
    const address = this.#address(remote, now);
    if (address !== null) address.sockets++;
  }

  /** It has said who it is. */
  authenticated(): void {
    this.#unauthenticated--;
  }

  left(remote: string, authenticated: boolean): void {
    this.#sockets--;
    if (!authenticated) this.#unauthenticated--;
    const address = this.#addresses.get(addressKey(remote));
    if (address !== undefined && address.sockets > 0) address.sockets--;
  }

  #address(remote: string, now: number): Address | null {
    const key = addressKey(remote);
    const known = this.#addresses.get(key);
    if (known !== undefined) return known;
    if (this.#addresses.size >= ADDRESSES_MAX) this.#forgetIdle(now);
    if (this.#addresses.size >= ADDRESSES_MAX) return null;
    const { ipUpgradesPerSecond, ipBurstUpgrades } = this.#limits;
    const address = { bucket: new TokenBucket(ipUpgradesPerSecond, ipBurstUpgrades, now), sockets: 0 };
    this.#addresses.set(key, address);
    return address;
  }

  #forgetIdle(now: number): void {
    for (const [key, { sockets, bucket }] of this.#addresses) if (sockets === 0 && bucket.full(now)) this.#addresses.delete(key);
  }
}

export function isLoopback(remote: string): boolean {
  const plain = unmapped(remote);
  return plain === '::1' || plain.startsWith('127.');
}

/** IPv4 addresses count alone; of IPv6 the /64, because one subscriber has all of it. */
export function addressKey(remote: string): string {
  const plain = unmapped(remote);
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = head.split(':').filter((group) => group !== '');
  if (tail !== undefined) {
    const behind = tail.split(':').filter((group) => group !== '');
    while (groups.length + behind.length < 8) groups.push('0');
    groups.push(...behind);
  }
  return `${groups.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, '').toLowerCase()).join(':')}::/64`;
}

const unmapped = (remote: string): string => (remote.toLowerCase().startsWith('::ffff:') && remote.includes('.') ? remote.slice(7) : remote);
