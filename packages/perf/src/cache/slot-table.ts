/**
 * Where a cache keeps its entries: slot by slot, 24 bytes each in one buffer (in one line of the
 * processor's cache, or two), the keys and values in two plain arrays beside it. No objects per
 * entry, so nothing for the garbage collector to trace, and all growth is a copy of flat memory.
 *
 *     bytes  0..7    order of use    (previous, next)
 *     bytes  8..15   order of expiry (previous, next)
 *     bytes 16..23   when it expires (Infinity: never)
 *
 * A list's links hold *node* numbers, that is, indexes into `links`; a slot has two nodes. Lists are
 * rings through a sentinel, so a node is unlinked without knowing in which list it is.
 */
export class SlotTable<K, V> {
  links = new Int32Array(0);
  times = new Float64Array(0);
  // They begin with `undefined`, so V8 takes them for arrays of anything, and never converts them.
  readonly keys: (K | undefined)[] = [];
  readonly values: (V | undefined)[] = [];

  readonly #maxSlots: number;
  #used = 0;
  /** The first of the given back slots, each of which links to the next; 0: none. */
  #free = 0;

  /** @param sentinels how many slots stand for lists; theirs are 0 up to that */
  constructor(sentinels: number, maxEntries: number) {
    this.#maxSlots = sentinels + maxEntries;
    for (let slot = 0; slot < sentinels; slot++) this.take(undefined as K);
  }

  /** A slot for the key: in both orders a list of its own, its time of expiry not known. */
  take(key: K): number {
    let slot = this.#free;
    if (slot === 0) slot = this.#unused();
    else this.#free = this.links[this.useNode(slot)]!;
    this.ring(this.useNode(slot));
    this.ring(this.ageNode(slot));
    this.times[this.timeIndex(slot)] = Number.NaN;
    this.keys[slot] = key;
    this.values[slot] = undefined;
    return slot;
  }

  /** For a slot that is in no list any more. */
  giveBack(slot: number): void {
    this.keys[slot] = undefined;
    this.values[slot] = undefined;
    this.links[this.useNode(slot)] = this.#free;
    this.#free = slot;
  }

  #unused(): number {
    if (this.#used * 3 >= this.times.length) this.#grow();
    return this.#used++;
  }

  /** To twice the size: then V8 makes the arrays just as long as they are told. */
  #grow(): void {
    const slots = Math.min(this.#maxSlots, Math.max(32, this.#used * 2));
    const links = new Int32Array(slots * 6);
    links.set(this.links);
    this.links = links;
    this.times = new Float64Array(links.buffer);
    this.keys.length = slots;
    this.values.length = slots;
  }

  // Methods, not functions of the module: V8 inlines these without asking each time which they are.

  /** A slot's node in the order of use. */
  useNode(slot: number): number {
    return slot * 6;
  }

  /** A slot's node in the order of expiry. */
  ageNode(slot: number): number {
    return slot * 6 + 2;
  }

  /** The slot of any node. */
  slotOf(node: number): number {
    return (node / 6) | 0;
  }

  /** Where a slot's time of expiry stands in `times`. */
  timeIndex(slot: number): number {
    return slot * 3 + 2;
  }

  /** The same, from its node in the order of expiry. */
  timeIndexOf(ageNode: number): number {
    return (ageNode >> 1) + 1;
  }

  /** Makes a node a list of its own. */
  ring(node: number): void {
    const { links } = this;
    links[node] = node;
    links[node + 1] = node;
  }

  unlink(node: number): void {
    const { links } = this;
    this.join(links[node]!, links[node + 1]!);
  }

  /** Makes neighbours of two nodes, over what was between them. */
  join(previous: number, next: number): void {
    const { links } = this;
    links[previous + 1] = next;
    links[next] = previous;
  }

  linkBefore(next: number, node: number): void {
    const { links } = this;
    const previous = links[next]!;
    links[node] = previous;
    links[node + 1] = next;
    links[previous + 1] = node;
    links[next] = node;
  }

  linkAfter(previous: number, node: number): void {
    const { links } = this;
    const next = links[previous + 1]!;
    links[node] = previous;
    links[node + 1] = next;
    links[previous + 1] = node;
    links[next] = node;
  }
}
