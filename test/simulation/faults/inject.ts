/** Makes planned faults happen in a world, and ends them all when it heals. */
import type { Person } from '../clients/person.js';
import type { World } from '../cluster/world.js';
import { calmDown } from '../world/weather.js';
import type { Moment } from '../world/moments.js';
import type { Fault, When } from './plan.js';

/** News of a death or a start reach everybody within this time, ms. */
const NEWS_MS = 1_500;

export class Faults {
  /** Who has called itself the owner of a shard last. */
  #lastOwner = '';

  constructor(
    private readonly world: World,
    private readonly people: ReadonlyMap<string, Person>,
  ) {}

  plan(faults: readonly Fault[], healAt: number): void {
    this.world.moments.on((moment, node) => void (moment === 'owned' && (this.#lastOwner = node)));
    for (const fault of faults) {
      this.world.time.at(fault.at, () => {
        if (fault.when === undefined) this.#inject(named(fault, '', this.#lastOwner));
        else if (this.world.time.now < healAt) this.#await(fault, fault.when, healAt);
      });
    }
    if (faults.length > 0) this.world.time.at(healAt, () => this.#heal());
  }

  /** A fault that waits for its moment happens right behind it. */
  #await(fault: Fault, { moment: wanted, nth }: When, healAt: number): void {
    const { moments, time } = this.world;
    let before = '';
    let count = 0;
    const end = moments.on((moment: Moment, node: string) => {
      if (moment !== wanted || node === before) return;
      before = node;
      if (++count < nth) return;
      end();
      const now = named(fault, node, this.#lastOwner);
      if (time.now >= healAt) return;
      // What happens to a process happens behind the event that is under way.
      if (now.kind === 'slowStore') this.#inject(now);
      else time.after(0, () => this.#inject(now));
    });
  }

  #inject(fault: Fault): void {
    const { world } = this;
    const { time, weather, observed } = world;
    world.trace('fault', fault.kind, { ...fault });
    switch (fault.kind) {
      case 'pause': {
        const target = world.processOf(fault.who);
        if (!target?.process.alive || target.process.pausedAt !== null) return;
        observed.down(fault.who, time.now, false);
        target.process.pause();
        return void time.after(fault.ms, () => this.#resume(fault.who));
      }
      case 'kill':
        this.#kill(fault.who);
        return void time.after(fault.downMs, () => this.#start(fault.who));
      case 'drain':
        return this.#drain(fault.who, fault.downMs);
      case 'suspect':
        for (const believer of fault.believers) {
          const nodes = world.members().filter((name) => name !== fault.who);
          const target = world.processOf(believer);
          if (target !== undefined && nodes.length > 0) target.process.input(0, () => target.membership.believe(nodes));
        }
        // Nobody can ask it either: the others must believe that it is dead, while it lives on.
        if (fault.deaf) weather.unreachable.add(fault.who);
        return void time.after(fault.ms, () => {
          weather.unreachable.delete(fault.who);
          world.publish(NEWS_MS);
        });
      case 'isolate': {
        // Neither journal nor other nodes: routers and clients still talk to it, and the others take its place.
        weather.unreachable.add(fault.who);
        weather.journal.cutOff.add(fault.who);
        const nodes = world.members().filter((name) => name !== fault.who);
        for (const { name, process, membership } of world.nodes.values()) {
          if (name !== fault.who && nodes.length > 0) process.input(world.chance.between(0, 300), () => membership.believe(nodes));
        }
        for (const name of fault.bounced) time.after(world.chance.between(0, fault.ms), () => this.people.get(name)?.vanish(true));
        return void time.after(fault.ms, () => {
          weather.unreachable.delete(fault.who);
          weather.journal.cutOff.delete(fault.who);
          world.publish(NEWS_MS);
        });
      }
      case 'cut': {
        observed.cuts.push({ node: fault.node, from: time.now, to: time.now + fault.ms + fault.lagMs });
        return world.links.cut(fault.router, fault.node, fault.sides, fault.ms, fault.lagMs, time.now);
      }
      case 'breakLink':
        return world.links.break(fault.router, fault.node, fault.heard);
      case 'badJournal':
        Object.assign(weather.journal, fault.odds);
        return void time.after(fault.ms, () => Object.assign(weather.journal, { lost: 0, unheard: 0, late: 0, doubled: 0, failed: 0 }));
      case 'journalStall':
        weather.journal.stalledUntil = Math.max(weather.journal.stalledUntil, time.now + fault.ms);
        return;
      case 'badStore':
        Object.assign(weather.store, fault.odds);
        return void time.after(fault.ms, () => Object.assign(weather.store, { throttled: 0, unheard: 0, repeated: 0, slow: 0 }));
      case 'slowStore':
        weather.store.slowFor.set(fault.who, fault);
        return void time.after(fault.ms, () => weather.store.slowFor.delete(fault.who));
      case 'blind':
        weather.journal.blind.add(fault.who);
        return void time.after(fault.ms, () => weather.journal.blind.delete(fault.who));
      case 'routerLeaves':
        return this.#leave(fault.who, fault.ms);
      case 'deaf': {
        const target = world.processOf(fault.who);
        if (target === undefined) return;
        target.membership.deaf = true;
        return void time.after(fault.ms, () => this.#hears(fault.who));
      }
      case 'probesLost':
        weather.probesLost = 0.7;
        return void time.after(fault.ms, () => (weather.probesLost = 0));
      case 'wallStep': {
        const target = world.processOf(fault.who);
        if (target !== undefined) target.process.wallSkew += fault.ms;
        return;
      }
      case 'clientGone':
        return this.people.get(fault.who)?.vanish(fault.heard);
      case 'deserted':
        for (const name of fault.people) this.people.get(name)?.goAway(fault.ms + world.chance.between(0, 300));
        return;
      case 'secondTab': {
        const person = this.people.get(fault.who);
        if (person?.online) person.connect();
        return;
      }
    }
  }

  #kill(who: string): void {
    const { world } = this;
    const target = world.processOf(who);
    if (!target?.process.alive) return;
    this.#noteOwner(who);
    world.observed.up(who, world.time.now);
    world.observed.down(who, world.time.now, true);
    target.process.kill();
    world.publish(NEWS_MS);
  }

  #start(who: string): void {
    const { world } = this;
    if (world.processOf(who)?.process.alive) return;
    if (world.nodes.has(who)) world.startNode(who);
    else world.startRouter(who);
    world.publish(NEWS_MS);
  }

  #resume(who: string): void {
    const { world } = this;
    const target = world.processOf(who);
    if (!target?.process.alive || target.process.pausedAt === null) return;
    world.observed.up(who, world.time.now);
    this.#noteOwner(who);
    target.process.resume();
  }

  /** Whether it believes to own what another has claimed meanwhile. */
  #noteOwner(who: string): void {
    const { world } = this;
    const node = world.nodes.get(who);
    if (node === undefined || node.process.pausedAt === null) return;
    for (const shard of node.region.ownedShards()) {
      const others = [...world.nodes.values()].filter((other) => other !== node && other.owns(shard) > node.owns(shard));
      if (others.length > 0) world.sometimes.note('fenced owner woke up');
    }
  }

  #hears(who: string): void {
    const target = this.world.processOf(who);
    if (target?.membership.deaf !== true) return;
    target.membership.deaf = false;
    this.world.publish(NEWS_MS);
  }

  #drain(who: string, downMs: number): void {
    const { world } = this;
    const node = world.nodes.get(who);
    if (node === undefined || !node.process.alive || node.process.pausedAt !== null || node.draining || world.members().length < 2) return;
    node.draining = true;
    world.publish(NEWS_MS);
    node.process.input(0, () => {
      void node.region.drain().then(() => {
        world.sometimes.note('drained');
        node.edge.close();
        node.process.soon(() => {
          this.#kill(who);
          world.time.after(downMs, () => this.#start(who));
        });
      });
    });
  }

  /** A router goes in good order, is no member any more, and comes back. */
  #leave(who: string, ms: number): void {
    const { world } = this;
    const router = world.routers.get(who);
    if (router === undefined || !router.process.alive || router.process.pausedAt !== null || router.leaving || world.membersAmongRouters().length < 2) return;
    router.leaving = true;
    router.process.input(0, () => {
      router.router.drain(() => {
        if (!router.process.alive) return;
        router.left = true;
        world.sometimes.note('router left');
        this.#kill(who);
      });
    });
    world.time.after(ms, () => {
      if (world.routers.get(who) === router) this.#kill(who);
      this.#start(who);
    });
  }

  #heal(): void {
    const { world } = this;
    world.trace('fault', 'all healed', {});
    calmDown(world.weather);
    world.links.heal();
    for (const name of [...world.config.nodes, ...world.config.routers]) {
      this.#resume(name);
      this.#start(name);
    }
    // A node must hear: what it believes to be the ring decides what it gives away. A router gets on without, as long as there is a node that tells it of the others.
    for (const { membership } of world.nodes.values()) membership.deaf = false;
    world.time.after(2 * NEWS_MS, () => {
      for (const { name, router } of world.routers.values()) if (router.nodes().length === 0) this.#hears(name);
    });
    world.publish(NEWS_MS);
  }
}

/** With the nodes that its placeholders mean now. */
function named(fault: Fault, at: string, last: string): Fault {
  const name = (place: string): string => (place === '@' ? at : place === '@last' ? last : place);
  const meant = fault as Fault & { readonly who?: string; readonly node?: string };
  return {
    ...fault,
    ...(meant.who === undefined ? {} : { who: name(meant.who) }),
    ...(meant.node === undefined ? {} : { node: name(meant.node) }),
    ...(fault.kind === 'suspect' ? { believers: fault.believers.filter((believer) => believer !== name(fault.who)) } : {}),
  } as Fault;
}
