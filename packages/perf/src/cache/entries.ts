import { ExpiryOrder, mainRun, mainRunTime, sentinelSlots } from './expiry-order.ts';
import {
  ageNode,
  join,
  linkAfter,
  linkBefore,
  SlotTable,
  slotOf,
  timeIndex,
  unlink,
  useNode,
} from './slot-table.ts';

/** The ring of the entries by use: after it the most recently used, before it the least. */
const useList = useNode(0);

/** The entries of a cache, found by key, in the order of use and in that of expiry. */
export class Entries<K, V> extends SlotTable<K, V> {
  readonly #index = new Map<K, number>();
  readonly #expiry: ExpiryOrder;

  constructor(maxSize: number) {
    super(sentinelSlots, maxSize);
    this.#expiry = new ExpiryOrder(this);
  }

  /** How many there are, those that are expired but not dropped yet included. */
  get count(): number {
    return this.#index.size;
  }

  find(key: K): number | undefined {
    return this.#index.get(key);
  }

  isExpired(slot: number, now: number): boolean {
    return this.times[timeIndex(slot)]! <= now;
  }

  /** Infinity: never. */
  expiryOf(slot: number): number {
    return this.times[timeIndex(slot)]!;
  }

  countExpired(now: number): number {
    return this.#expiry.countExpired(now);
  }

  /** The slot of some expired entry; 0: there is none. */
  anyExpired(now: number): number {
    return this.#expiry.anyExpired(now);
  }

  leastUsed(): number {
    return slotOf(this.links[useList]!);
  }

  /** A slot for a new key; what is in it comes by `write`. */
  add(key: K): number {
    const slot = this.take(key);
    this.#index.set(key, slot);
    return slot;
  }

  /** Gives the slot of an entry that leaves to a new key. */
  handOver(slot: number, key: K): void {
    this.#index.delete(this.keys[slot] as K);
    this.keys[slot] = key;
    this.#index.set(key, slot);
  }

  /** As the most recently used, and where its time belongs. */
  write(slot: number, value: V, expiresAt: number): void {
    this.values[slot] = value;
    const { links, times } = this;
    const use = useNode(slot);
    const age = ageNode(slot);
    const index = timeIndex(slot);
    // Read before anything is written: V8 can't know that it stays the same, and would read it again.
    const moreUsed = links[use]!;
    const lessUsed = links[use + 1]!;
    const sooner = links[age]!;
    const later = links[age + 1]!;
    if (moreUsed !== useList) {
      join(links, moreUsed, lessUsed);
      linkAfter(links, useList, use);
    }
    // Equal times need no order among themselves.
    if (times[index] === expiresAt) return;
    if (!this.#expiry.isPlain || !(times[mainRunTime]! <= expiresAt)) {
      return this.#rewrite(slot, expiresAt);
    }
    // The way of nearly all, by hand, as this is half of what a `set` costs.
    times[index] = expiresAt;
    times[mainRunTime] = expiresAt;
    join(links, sooner, later);
    linkBefore(links, mainRun, age);
  }

  #rewrite(slot: number, expiresAt: number): void {
    this.#expiry.remove(slot);
    this.times[timeIndex(slot)] = expiresAt;
    this.#expiry.add(slot);
  }

  /** Its value, which thereby is the most recently used. */
  use(slot: number): V | undefined {
    const { links } = this;
    const node = useNode(slot);
    const moreUsed = links[node]!;
    if (moreUsed !== useList) {
      join(links, moreUsed, links[node + 1]!);
      linkAfter(links, useList, node);
    }
    return this.values[slot];
  }

  remove(slot: number): void {
    this.#index.delete(this.keys[slot] as K);
    unlink(this.links, useNode(slot));
    this.#expiry.remove(slot);
    this.giveBack(slot);
  }

  /** Most recently used first. */
  slotsByUse(): number[] {
    const { links } = this;
    const found: number[] = [];
    for (let node = links[useList + 1]!; node !== useList; node = links[node + 1]!) {
      found.push(slotOf(node));
    }
    return found;
  }
}
