/** Where nodes listen. Owns the few addresses that there are: one that is free may be taken by another node, as a scheduler would have it. */
import type { Chance } from './chance.js';

const MOVES = 0.4;
/** Besides one for each node. */
const SPARE = 2;

export class Addresses {
  readonly #all: readonly string[];
  readonly #byName: Map<string, string>;

  constructor(
    private readonly chance: Chance,
    nodes: readonly string[],
    private readonly isAlive: (node: string) => boolean,
  ) {
    this.#all = Array.from({ length: nodes.length + SPARE }, (_, index) => `10.0.0.${index + 1}:8081`);
    this.#byName = new Map(nodes.map((node, index) => [node, this.#all[index] ?? '']));
  }

  /** Of a node that runs, or where it ran last. */
  readonly of = (node: string): string => this.#byName.get(node) ?? '';

  /** Who listens there, if anybody does, or has done so last. */
  at(address: string): string | undefined {
    const names = [...this.#byName.keys()].filter((name) => this.of(name) === address);
    return names.find((name) => this.isAlive(name)) ?? names[0];
  }

  /** Mostly where it was, if nobody else is there by now. */
  startsAgain(node: string): void {
    const taken = new Set([...this.#byName.keys()].filter((name) => name !== node && this.isAlive(name)).map(this.of));
    const stays = !this.chance.odds(MOVES) && !taken.has(this.of(node));
    if (!stays) this.#byName.set(node, this.chance.pick(this.#all.filter((address) => !taken.has(address))));
  }
}
