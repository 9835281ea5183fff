import { callHook, checkNumber } from '@kortana/errors';
import type { Clock } from '../clock/clock.ts';
import { ExpiryOrder, sentinelSlots } from './expiry-order.ts';
import { linkAfter, SlotTable, slotOf, timeIndex, unlink, useNode } from './slot-table.ts';
import {
  checkedCacheOptions,
  checkedTtl,
  type RemovalReason,
  type SetOptions,
  type TTLCacheOptions,
} from './ttl-cache-options.ts';
import { Watchers } from './watchers.ts';

/** The ring of the entries by use: after it the most recently used, before it the least. */
const useList = useNode(0);

/** What a cache did since it was made. */
export interface CacheStats {
  /** Lookups by `get` that found a live entry. */
  hits: number;
  /** Lookups by `get` that found none. */
  misses: number;
  /** Live entries dropped for room. */
  evictions: number;
  /** Entries dropped because their time was over. */
  expirations: number;
  /** Live entries now. */
  size: number;
  /** hits / (hits + misses), 0 to 1; 0 without lookups. */
  hitRate: number;
}

/**
 * A map whose entries live for a time, and which holds at most so many: a full one drops an expired
 * entry before any live one, else the one that was not used for the longest time.
 *
 * Keys are compared as in `Map`, and every value is a value: `undefined` too (`has` tells it from a
 * miss). All operations are O(1), or O(log n) when TTLs differ at random.
 *
 *     const cache = new TTLCache<string, number>({ maxSize: 1000, defaultTtlMs: 60_000 });
 */
export class TTLCache<K = unknown, V = unknown> {
  readonly #maxSize: number;
  readonly #defaultTtlMs: number;
  readonly #maxWeight: number;
  readonly #weigh: ((value: V, key: K) => number) | undefined;
  readonly #onRemove: ((key: K, value: V, reason: RemovalReason) => void) | undefined;
  readonly #clock: Clock;

  #index = new Map<K, number>();
  #table: SlotTable<K, V>;
  #expiry: ExpiryOrder;
  readonly #watchers = new Watchers<K>();
  /** What left during the present operation, and whom the hook is still to be told of. */
  #left: [key: K, value: V, reason: RemovalReason][] = [];

  readonly #weights: number[] = [];
  #weight = 0;
  #hits = 0;
  #misses = 0;
  #evictions = 0;
  #expirations = 0;

  /** @throws TypeError, RangeError for a wrong option */
  constructor(options: TTLCacheOptions<K, V> = {}) {
    const checked = checkedCacheOptions(options);
    this.#maxSize = checked.maxSize;
    this.#defaultTtlMs = checked.defaultTtlMs;
    this.#maxWeight = checked.maxWeight;
    this.#weigh = checked.weigh;
    this.#onRemove = checked.onRemove;
    this.#clock = checked.clock;
    this.#table = new SlotTable(sentinelSlots, this.#maxSize);
    this.#expiry = new ExpiryOrder(this.#table);
  }

  /** The value, which thereby is the most recently used; undefined: a miss. */
  get(key: K): V | undefined {
    const slot = this.#index.get(key);
    if (slot === undefined) {
      this.#misses++;
      return undefined;
    }
    const expiresAt = this.#table.times[timeIndex(slot)]!;
    if (expiresAt !== Infinity && expiresAt <= this.#clock.now()) {
      this.#misses++;
      this.#drop(slot, 'expired');
      this.#told();
      return undefined;
    }
    this.#hits++;
    this.#touch(slot);
    return this.#table.values[slot];
  }

  /** Whether there is a live entry. Touches neither the order of use nor the statistics. */
  has(key: K): boolean {
    return this.#liveSlot(key) !== undefined;
  }

  /** Like `get`, but touches neither the order of use nor the statistics. */
  peek(key: K): V | undefined {
    const slot = this.#liveSlot(key);
    return slot === undefined ? undefined : this.#table.values[slot];
  }

  /**
   * Keeps the value for its TTL, as the most recently used. An entry heavier than `maxWeight` isn't
   * kept, and takes its key's old one with it.
   *
   * @throws TypeError, RangeError for a wrong `ttlMs` or weight; the cache is as before then
   */
  set(key: K, value: V, options?: SetOptions): this {
    const ttlMs = options?.ttlMs;
    const lifetime = ttlMs === undefined ? this.#defaultTtlMs : checkedTtl('ttlMs', ttlMs);
    const weight = this.#weigh === undefined ? 0 : this.#weightOf(value, key);
    const now = this.#clock.now();
    if (this.#watchers.size > 0) this.#watchers.written(key);

    let slot = this.#index.get(key);
    if (slot !== undefined) {
      this.#leaves(slot, this.#isExpiredBy(now, slot) ? 'expired' : 'replaced', value);
    }
    if (this.#weigh !== undefined) {
      if (slot !== undefined) this.#remove(slot);
      if (weight > this.#maxWeight) return this.#told();
      this.#makeRoomFor(weight, now);
      slot = undefined;
    }
    if (slot === undefined) slot = this.#newSlot(key, now);
    if (this.#weigh !== undefined) this.#weights[slot] = weight;
    this.#table.values[slot] = value;
    this.#touch(slot);
    this.#expiry.renew(slot, now + lifetime);
    return this.#told();
  }

  /** Whether there was a live entry to delete. */
  delete(key: K): boolean {
    if (this.#watchers.size > 0) this.#watchers.written(key);
    const slot = this.#index.get(key);
    if (slot === undefined) return false;
    const wasLive = !this.#isExpired(slot);
    this.#drop(slot, wasLive ? 'deleted' : 'expired');
    this.#told();
    return wasLive;
  }

  /** Drops all entries; the statistics go on. */
  clear(): void {
    this.#watchers.allWritten();
    const slots = this.#index;
    const table = this.#table;
    const expired = this.#expiry.countExpired(this.#clock.now());
    if (this.#onRemove !== undefined) {
      for (const [key, slot] of slots) {
        const reason = this.#isExpired(slot) ? 'expired' : 'cleared';
        this.#left.push([key, table.values[slot] as V, reason]);
      }
    }
    this.#expirations += expired;
    this.#index = new Map();
    this.#table = new SlotTable(sentinelSlots, this.#maxSize);
    this.#expiry = new ExpiryOrder(this.#table);
    this.#weight = 0;
    this.#told();
  }

  /** Drops all expired entries, which otherwise happens as they are come across. @returns how many */
  purgeExpired(): number {
    const now = this.#clock.now();
    let purged = 0;
    for (let slot = this.#expiry.anyExpired(now); slot !== 0; slot = this.#expiry.anyExpired(now)) {
      this.#drop(slot, 'expired');
      purged++;
    }
    this.#told();
    return purged;
  }

  /** How long the entry still lives; Infinity: for ever; undefined: there is none. */
  remainingTtlMs(key: K): number | undefined {
    const slot = this.#liveSlot(key);
    if (slot === undefined) return undefined;
    const expiresAt = this.#table.times[timeIndex(slot)]!;
    return expiresAt === Infinity ? Infinity : expiresAt - this.#clock.now();
  }

  /** How many live entries there are. */
  get size(): number {
    return this.#index.size - this.#expiry.countExpired(this.#clock.now());
  }

  stats(): CacheStats {
    const lookups = this.#hits + this.#misses;
    return {
      hits: this.#hits,
      misses: this.#misses,
      evictions: this.#evictions,
      expirations: this.#expirations,
      size: this.size,
      hitRate: lookups === 0 ? 0 : this.#hits / lookups,
    };
  }

  /**
   * Calls `onWrite` once, when the key is next set, deleted or cleared, by whomever; not when its
   * entry expires or is evicted. For whoever loads a value and must not store it over a newer one.
   *
   * @returns how to stop watching
   */
  watch(key: K, onWrite: () => void): () => void {
    return this.#watchers.add(key, onWrite);
  }

  *keys(): Generator<K, void, undefined> {
    for (const [key] of this.entries()) yield key;
  }

  *values(): Generator<V, void, undefined> {
    for (const [, value] of this.entries()) yield value;
  }

  /**
   * The live entries, most recently used first. It goes by the keys of the moment it begins: what
   * is removed meanwhile doesn't come, what is added neither.
   */
  *entries(): Generator<[K, V], void, undefined> {
    for (const key of this.#keysByUse()) {
      const slot = this.#liveSlot(key);
      if (slot !== undefined) yield [key, this.#table.values[slot] as V];
    }
  }

  [Symbol.iterator](): Generator<[K, V], void, undefined> {
    return this.entries();
  }

  #keysByUse(): K[] {
    const { links, keys } = this.#table;
    const found: K[] = [];
    for (let node = links[useList + 1]!; node !== useList; node = links[node + 1]!) {
      found.push(keys[slotOf(node)] as K);
    }
    return found;
  }

  #isExpired(slot: number): boolean {
    return this.#isExpiredBy(this.#clock.now(), slot);
  }

  #isExpiredBy(now: number, slot: number): boolean {
    return this.#table.times[timeIndex(slot)]! <= now;
  }

  #liveSlot(key: K): number | undefined {
    const slot = this.#index.get(key);
    return slot === undefined || this.#isExpired(slot) ? undefined : slot;
  }

  #touch(slot: number): void {
    const { links } = this.#table;
    const node = useNode(slot);
    if (links[node] === useList) return;
    unlink(links, node);
    linkAfter(links, useList, node);
  }

  /** A slot for the key: one that is free, or in a full cache that of the entry which goes. */
  #newSlot(key: K, now: number): number {
    let slot: number;
    if (this.#index.size < this.#maxSize) slot = this.#table.take(key);
    else {
      slot = this.#leaveOne(now);
      this.#index.delete(this.#table.keys[slot] as K);
      this.#table.keys[slot] = key;
    }
    this.#index.set(key, slot);
    return slot;
  }

  /** Chooses who goes for room: an expired entry if there is any, else the least recently used. */
  #leaveOne(now: number): number {
    const expired = this.#expiry.anyExpired(now);
    const slot = expired === 0 ? slotOf(this.#table.links[useList]!) : expired;
    this.#leaves(slot, expired === 0 ? 'evicted' : 'expired');
    return slot;
  }

  /** Takes note of an entry that is about to leave, or to be written over by `next`. */
  #leaves(slot: number, reason: RemovalReason, next?: V): void {
    if (reason === 'expired') this.#expirations++;
    else if (reason === 'evicted') this.#evictions++;
    if (this.#onRemove === undefined) return;
    const value = this.#table.values[slot] as V;
    if (reason === 'replaced' && Object.is(value, next)) return;
    this.#left.push([this.#table.keys[slot] as K, value, reason]);
  }

  #drop(slot: number, reason: RemovalReason): void {
    this.#leaves(slot, reason);
    this.#remove(slot);
  }

  #remove(slot: number): void {
    this.#index.delete(this.#table.keys[slot] as K);
    unlink(this.#table.links, useNode(slot));
    this.#expiry.remove(slot);
    if (this.#weigh !== undefined) this.#weight -= this.#weights[slot]!;
    this.#table.giveBack(slot);
  }

  #makeRoomFor(weight: number, now: number): void {
    const isTight = () =>
      this.#index.size >= this.#maxSize || this.#weight + weight > this.#maxWeight;
    while (this.#index.size > 0 && isTight()) {
      this.#remove(this.#leaveOne(now));
    }
    if (this.#index.size === 0) this.#weight = 0; // what was left was the error of the sums
    this.#weight += weight;
  }

  #weightOf(value: V, key: K): number {
    return checkNumber('weigh', this.#weigh!(value, key), { min: 0 });
  }

  /** Tells the hook of what left. It comes last, because the hook may use the cache. */
  #told(): this {
    if (this.#left.length > 0) {
      const left = this.#left;
      this.#left = [];
      for (const args of left) callHook('onRemove', this.#onRemove, args);
    }
    return this;
  }
}
