import { checkFunction } from '@kortana/errors';
import type { Clock } from '../clock/clock.ts';
import type { CacheStats } from './cache-stats.ts';
import { Departures } from './departures.ts';
import { Entries } from './entries.ts';
import {
  checkedCacheOptions,
  checkedTtl,
  type RemovalReason,
  type SetOptions,
  type TTLCacheOptions,
} from './ttl-cache-options.ts';
import { Watchers } from './watchers.ts';
import { Weights } from './weights.ts';

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
  readonly #clock: Clock;
  readonly #weights: Weights<K, V> | undefined;
  readonly #departures: Departures<K, V>;
  readonly #watchers = new Watchers<K>();
  #entries: Entries<K, V>;
  #hits = 0;
  #misses = 0;

  /** @throws TypeError, RangeError for a wrong option */
  constructor(options: TTLCacheOptions<K, V> = {}) {
    const { maxSize, defaultTtlMs, maxWeight, weigh, onRemove, clock } =
      checkedCacheOptions(options);
    this.#maxSize = maxSize;
    this.#defaultTtlMs = defaultTtlMs;
    this.#clock = clock;
    this.#weights = weigh && new Weights(maxWeight, weigh);
    this.#departures = new Departures(onRemove);
    this.#entries = new Entries(maxSize);
  }

  /** The value, which thereby is the most recently used; undefined: a miss. */
  get(key: K): V | undefined {
    const entries = this.#entries;
    const slot = entries.find(key);
    if (slot === undefined) {
      this.#misses++;
      return undefined;
    }
    if (entries.isExpired(slot, this.#clock.now())) return this.#miss(slot);
    this.#hits++;
    return entries.use(slot);
  }

  /** Whether there is a live entry. Touches neither the order of use nor the statistics. */
  has(key: K): boolean {
    return this.#liveSlot(key) !== undefined;
  }

  /** Like `get`, but touches neither the order of use nor the statistics. */
  peek(key: K): V | undefined {
    const slot = this.#liveSlot(key);
    return slot === undefined ? undefined : this.#entries.values[slot];
  }

  /**
   * Keeps the value for its TTL, as the most recently used. An entry heavier than `maxWeight` isn't
   * kept, and takes its key's old one with it.
   *
   * @throws TypeError, RangeError for a wrong `ttlMs` or weight; the cache is as before then
   */
  set(key: K, value: V, options?: SetOptions): this {
    const lifetime = options ? this.#lifetimeOf(options) : this.#defaultTtlMs;
    if (this.#weights !== undefined) return this.#setHeavy(key, value, lifetime, this.#weights);
    const now = this.#clock.now();
    if (this.#watchers.size > 0) this.#watchers.written(key);
    let slot = this.#entries.find(key);
    if (slot === undefined) slot = this.#newSlot(key, now);
    else if (this.#departures.isHeard || this.#entries.isExpired(slot, now)) {
      this.#noteOld(slot, value, now);
    }
    this.#entries.write(slot, value, now + lifetime);
    this.#departures.tell();
    return this;
  }

  /** Whether there was a live entry to delete. */
  delete(key: K): boolean {
    if (this.#watchers.size > 0) this.#watchers.written(key);
    const slot = this.#entries.find(key);
    if (slot === undefined) return false;
    const wasLive = !this.#isExpired(slot);
    this.#drop(slot, wasLive ? 'deleted' : 'expired');
    this.#departures.tell();
    return wasLive;
  }

  /** Drops all entries; the statistics go on. */
  clear(): void {
    this.#watchers.allWritten();
    const entries = this.#entries;
    const now = this.#clock.now();
    if (this.#departures.isHeard) {
      for (const slot of entries.slotsByUse().toReversed()) {
        this.#note(slot, entries.isExpired(slot, now) ? 'expired' : 'cleared');
      }
    } else this.#departures.expirations += entries.countExpired(now);
    this.#entries = new Entries(this.#maxSize);
    this.#weights?.reset();
    this.#departures.tell();
  }

  /** Drops all expired entries, which otherwise happens as they are come across. @returns how many */
  purgeExpired(): number {
    const now = this.#clock.now();
    const entries = this.#entries;
    const count = entries.countExpired(now);
    for (let left = count; left > 0; left--) this.#drop(entries.anyExpired(now), 'expired');
    this.#departures.tell();
    return count;
  }

  /** How long the entry still lives; Infinity: for ever; undefined: there is none. */
  remainingTtlMs(key: K): number | undefined {
    const slot = this.#liveSlot(key);
    return slot === undefined ? undefined : this.#entries.expiryOf(slot) - this.#clock.now();
  }

  /** How many live entries there are. */
  get size(): number {
    return this.#entries.count - this.#entries.countExpired(this.#clock.now());
  }

  stats(): CacheStats {
    const { evictions, expirations } = this.#departures;
    const [hits, misses] = [this.#hits, this.#misses];
    const hitRate = hits === 0 ? 0 : hits / (hits + misses);
    return { hits, misses, evictions, expirations, size: this.size, hitRate };
  }

  /**
   * Calls `onWrite` once, when the key is next set, deleted or cleared; not when its entry expires
   * or is evicted. For one who loads a value and must not store it over a newer one.
   * @returns how to stop watching
   */
  watch(key: K, onWrite: () => void): () => void {
    return this.#watchers.add(key, checkFunction('onWrite', onWrite));
  }

  *keys(): Generator<K, void, undefined> {
    for (const [key] of this.entries()) yield key;
  }

  *values(): Generator<V, void, undefined> {
    for (const [, value] of this.entries()) yield value;
  }

  /** The live entries, most recently used first, of those keys that are there when it begins. */
  *entries(): Generator<[K, V], void, undefined> {
    const { keys } = this.#entries;
    for (const key of this.#entries.slotsByUse().map((slot) => keys[slot] as K)) {
      const slot = this.#liveSlot(key);
      if (slot !== undefined) yield [key, this.#entries.values[slot] as V];
    }
  }

  [Symbol.iterator](): Generator<[K, V], void, undefined> {
    return this.entries();
  }

  /** Of an entry that is there, but expired. */
  #miss(slot: number): undefined {
    this.#misses++;
    this.#drop(slot, 'expired');
    this.#departures.tell();
  }

  #lifetimeOf({ ttlMs }: SetOptions): number {
    return ttlMs === undefined ? this.#defaultTtlMs : checkedTtl('ttlMs', ttlMs);
  }

  #liveSlot(key: K): number | undefined {
    const slot = this.#entries.find(key);
    return slot === undefined || this.#isExpired(slot) ? undefined : slot;
  }

  #isExpired(slot: number): boolean {
    return this.#entries.isExpired(slot, this.#clock.now());
  }

  #setHeavy(key: K, value: V, lifetime: number, weights: Weights<K, V>): this {
    const weight = weights.of(value, key);
    const now = this.#clock.now();
    this.#watchers.written(key);
    const old = this.#entries.find(key);
    if (old !== undefined) {
      this.#noteOld(old, value, now);
      this.#remove(old);
    }
    if (weights.allows(weight)) {
      const isTight = () => this.#entries.count >= this.#maxSize || !weights.hasRoomFor(weight);
      while (this.#entries.count > 0 && isTight()) this.#remove(this.#leaveOne(now));
      if (this.#entries.count === 0) weights.reset();
      const slot = this.#entries.add(key);
      weights.add(slot, weight);
      this.#entries.write(slot, value, now + lifetime);
    }
    this.#departures.tell();
    return this;
  }

  /** A slot for the key: one that is free, or in a full cache that of the entry which goes. */
  #newSlot(key: K, now: number): number {
    if (this.#entries.count < this.#maxSize) return this.#entries.add(key);
    const slot = this.#leaveOne(now);
    this.#entries.handOver(slot, key);
    return slot;
  }

  /** Chooses who goes for room: an expired entry if there is any, else the least recently used. */
  #leaveOne(now: number): number {
    const expired = this.#entries.anyExpired(now);
    const slot = expired === 0 ? this.#entries.leastUsed() : expired;
    this.#note(slot, expired === 0 ? 'evicted' : 'expired');
    return slot;
  }

  /** To set the very same value again removes nothing. */
  #noteOld(slot: number, value: V, now: number): void {
    if (this.#entries.isExpired(slot, now)) this.#note(slot, 'expired');
    else if (this.#departures.isHeard && !Object.is(this.#entries.values[slot], value)) {
      this.#note(slot, 'replaced');
    }
  }

  #note(slot: number, reason: RemovalReason): void {
    this.#departures.note(this.#entries.keys[slot] as K, this.#entries.values[slot] as V, reason);
  }

  #drop(slot: number, reason: RemovalReason): void {
    this.#note(slot, reason);
    this.#remove(slot);
  }

  #remove(slot: number): void {
    this.#weights?.remove(slot);
    this.#entries.remove(slot);
  }
}
