import { type CacheStats, type Clock, type RemovalReason, TTLCache } from '@kortana/perf';
import { logHookError, tell } from '../log.ts';
import type { Entry } from './entry.ts';
import type { Id } from './key-id.ts';

/** An entry in memory knows the key it was given, for the hooks: the id may be another. */
export interface KeyedEntry<K, V> extends Entry<V> {
  readonly key: K;
  /** The value's, made for the first hit: to make one costs more than to find one. */
  promise?: Promise<V>;
}

export interface MemoryTierOptions<K, V> {
  maxSize: number;
  maxWeight: number | undefined;
  weigh: ((value: V, key: K) => number) | undefined;
  onRemove: ((key: K, value: V, reason: RemovalReason) => void) | undefined;
  staleWhileRevalidateMs: number;
  staleIfErrorMs: number;
  clock: Clock;
}

/** The entries in memory: kept past their freshness for as long as a stale window is open. */
export class MemoryTier<K, V> {
  readonly #entries: TTLCache<Id, KeyedEntry<K, V>>;
  readonly #revalidateMs: number;
  readonly #ifErrorMs: number;
  readonly #clock: Clock;
  /** How long an entry is kept past its freshness, in milliseconds. */
  readonly keepStaleMs: number;

  constructor(options: MemoryTierOptions<K, V>) {
    const { weigh, onRemove, clock, maxSize, maxWeight } = options;
    this.#clock = clock;
    this.#revalidateMs = options.staleWhileRevalidateMs;
    this.#ifErrorMs = options.staleIfErrorMs;
    this.keepStaleMs = Math.max(this.#revalidateMs, this.#ifErrorMs);
    this.#entries = new TTLCache({
      maxSize,
      maxWeight,
      clock,
      weigh: weigh && ((entry) => weigh(entry.value, entry.key)),
      // Told through the logger of this package, not of the TTLCache.
      onRemove:
        onRemove &&
        ((_id, entry, reason) => tell('onRemove', onRemove, [entry.key, entry.value, reason])),
    });
  }

  /** Fresh or stale; it thereby is the most recently used. */
  get(id: Id): KeyedEntry<K, V> | undefined {
    return this.#entries.get(id);
  }

  peek(id: Id): KeyedEntry<K, V> | undefined {
    return this.#entries.peek(id);
  }

  keep(id: Id, entry: KeyedEntry<K, V>): void {
    const ttlMs = entry.at + entry.ttlMs + this.keepStaleMs - this.#clock.now();
    try {
      if (ttlMs > 0) this.#entries.set(id, entry, { ttlMs });
    } catch (error) {
      // Of `weigh`: the value is good all the same. An older one must not stay in its place.
      this.#entries.delete(id);
      logHookError('weigh', error);
    }
  }

  delete(id: Id): boolean {
    const entry = this.#entries.peek(id);
    return this.#entries.delete(id) && entry !== undefined && this.isFresh(entry);
  }

  clear(): void {
    this.#entries.clear();
  }

  get stats(): CacheStats {
    return this.#entries.stats();
  }

  isFresh(entry: Entry<V>): boolean {
    // Without stale windows nothing is kept that isn't.
    return this.keepStaleMs === 0 || this.ageMs(entry) < entry.ttlMs;
  }

  /** Whether it may be given while a new one is loaded. */
  mayBridge(entry: Entry<V>): boolean {
    return this.ageMs(entry) < entry.ttlMs + this.#revalidateMs;
  }

  /** Whether it may be given in the place of an error. */
  mayReplaceError(entry: Entry<V>): boolean {
    return this.ageMs(entry) < entry.ttlMs + this.#ifErrorMs;
  }

  ageMs(entry: Entry<V>): number {
    return Math.max(0, this.#clock.now() - entry.at);
  }
}
