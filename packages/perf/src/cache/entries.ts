import { ExpiryOrder, sentinelSlots } from './expiry-order.ts';
import { SlotTable } from './slot-table.ts';

/** The ring of the entries by use, slot 0's: after it the most recently used, before it the least. */
const useList = 0;

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
    return this.times[this.timeIndex(slot)]! <= now;
  }

  /** Infinity: never. */
  expiryOf(slot: number): number {
    return this.times[this.timeIndex(slot)]!;
  }

  countExpired(now: number): number {
    return this.#expiry.countExpired(now);
  }

  /** The slot of some expired entry; 0: there is none. */
  anyExpired(now: number): number {
    return this.#expiry.anyExpired(now);
  }

  leastUsed(): number {
    return this.slotOf(this.links[useList]!);
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
    this.touch(slot);
    this.#expiry.move(slot, expiresAt);
  }

  /** Its value, which thereby is the most recently used. */
  use(slot: number): V | undefined {
    this.touch(slot);
    return this.values[slot];
  }

  /** Makes it the most recently used. */
  touch(slot: number): void {
    const node = this.useNode(slot);
    if (this.links[node] === useList) return;
    this.unlink(node);
    this.linkAfter(useList, node);
  }

  remove(slot: number): void {
    this.#index.delete(this.keys[slot] as K);
    this.unlink(this.useNode(slot));
    this.#expiry.remove(slot);
    this.giveBack(slot);
  }

  /** Most recently used first. */
  slotsByUse(): number[] {
    const { links } = this;
    const found: number[] = [];
    for (let node = links[useList + 1]!; node !== useList; node = links[node + 1]!) {
      found.push(this.slotOf(node));
    }
    return found;
  }
}
