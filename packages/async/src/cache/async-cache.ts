import { checkFunction, checkSignal } from '@kortana/errors';
import { type Clock, SingleFlight, stableKey, TTLCache } from '@kortana/perf';
import { logHookError, logger } from '../log.ts';
import { abortable } from '../waiting/abortable.ts';
import { type AsyncCacheOptions, readCacheOptions, readTtl } from './async-cache-options.ts';
import type { Entry } from './entry.ts';
import { SharedTier } from './shared-tier.ts';

export interface CacheSetOptions {
  /** How long the value is fresh, in milliseconds above 0; null: for ever; default: `defaultTtlMs`. */
  ttlMs?: number | null | undefined;
}

export interface LookupOptions extends CacheSetOptions {
  /** Its abort rejects at once with its reason; the last waiter's also aborts the load. */
  signal?: AbortSignal | undefined;
  /** Loads anew, whatever is cached or being loaded; default: false. */
  fresh?: boolean | undefined;
}

/** Gives the value of a key; its signal is aborted when nobody waits for it any more. */
export type Load<V> = (context: { signal: AbortSignal }) => PromiseLike<V> | V;

/** Where a value came from; `'coalesced'`: from a load that somebody else had begun. */
export type LookupSource = 'memory' | 'store' | 'load' | 'stale' | 'coalesced';

export interface Lookup<V> {
  value: V;
  source: LookupSource;
  /** How long ago the value was loaded, in milliseconds. */
  ageMs: number;
}

/** The key as the memory knows it: objects by their content. */
type Id = unknown;

/** An entry in memory knows the key it was given for the hooks, as the id may be another. */
interface KeyedEntry<K, V> extends Entry<V> {
  readonly key: K;
}

interface Flown<K, V> {
  entry: KeyedEntry<K, V>;
  isStale: boolean;
}

/**
 * A read-through cache: memory in front, a shared store behind it if there is one, and behind both
 * what loads the value. Concurrent loads of a key are one, also when they fail; `delete`, `clear`
 * and `set` win over a load that began earlier.
 *
 *     const users = new AsyncCache<string, User>({ defaultTtlMs: 60_000 });
 *     const user = await users.getOrSet(id, ({ signal }) => fetchUser(id, { signal }));
 */
export class AsyncCache<K, V> {
  readonly #memory: TTLCache<Id, KeyedEntry<K, V>>;
  readonly #tier: SharedTier<V> | undefined;
  readonly #clock: Clock;
  readonly #ttlMs: number;
  readonly #revalidateMs: number;
  readonly #ifErrorMs: number;
  readonly #keepStaleMs: number;
  #reads = new SingleFlight<Id, KeyedEntry<K, V> | undefined>();
  #loads = new SingleFlight<Id, Flown<K, V>>();
  /** Counts the `clear`s, to tell what began before one. */
  #clears = 0;
  #hits = 0;
  readonly #counts = {
    misses: 0,
    staleHits: 0,
    loads: 0,
    loadErrors: 0,
    coalesced: 0,
    storeHits: 0,
    storeMisses: 0,
  };

  /** @throws TypeError, RangeError for a wrong option */
  constructor(options?: AsyncCacheOptions<K, V>) {
    const checked = readCacheOptions(options);
    const { weigh, onRemove, store, clock } = checked;
    this.#clock = clock;
    this.#ttlMs = checked.ttlMs;
    this.#revalidateMs = checked.staleWhileRevalidateMs;
    this.#ifErrorMs = checked.staleIfErrorMs;
    this.#keepStaleMs = Math.max(this.#revalidateMs, this.#ifErrorMs);
    this.#memory = new TTLCache({
      ...checked.memory,
      weigh: weigh && ((entry) => weigh(entry.value, entry.key)),
      onRemove: onRemove && ((_id, entry, reason) => onRemove(entry.key, entry.value, reason)),
    });
    this.#tier =
      store &&
      new SharedTier({
        ...checked,
        store,
        timeoutMs: checked.storeTimeoutMs,
        keepStaleMs: this.#keepStaleMs,
      });
  }

  /** The fresh value, undefined without one. */
  async get(key: K): Promise<V | undefined> {
    const id = idOf(key);
    const entry = this.#remembered(id);
    if (entry !== undefined && this.#isFresh(entry)) return entry.value;
    return (await this.#freshInStore(id, key))?.value;
  }

  /** Whether there is a fresh value. */
  async has(key: K): Promise<boolean> {
    const id = idOf(key);
    const entry = this.#memory.peek(id);
    if (entry !== undefined && this.#isFresh(entry)) return true;
    return (await this.#freshInStore(id, key)) !== undefined;
  }

  /** Resolves when the store has it too, or is known not to answer. */
  async set(key: K, value: V, options?: CacheSetOptions): Promise<void> {
    const ttlMs = this.#readTtl(options);
    const id = idOf(key);
    this.#forget(id);
    const entry = { key, value, at: this.#clock.now(), ttlMs };
    this.#keep(id, entry);
    await this.#tier?.write(stableKey(key), entry, true);
  }

  /** Whether there was something to delete. */
  async delete(key: K): Promise<boolean> {
    const id = idOf(key);
    this.#forget(id);
    const wasInMemory = this.#memory.delete(id);
    const wasInStore = (await this.#tier?.delete(stableKey(key))) ?? false;
    return wasInMemory || wasInStore;
  }

  /** Empties the memory; the store's entries of this namespace are no longer found, by nobody. */
  async clear(): Promise<void> {
    this.#clears++;
    this.#reads = new SingleFlight();
    this.#loads = new SingleFlight();
    this.#memory.clear();
    await this.#tier?.clear();
  }

  /** The fresh value, else what `load` gives, which is kept. */
  getOrSet(key: K, load: Load<V>, options?: LookupOptions): Promise<V> {
    if (options === undefined && typeof load === 'function') {
      // The short way of a hit, which needs no counting of misses and no other promise.
      const entry = this.#memory.get(idOf(key));
      if (entry !== undefined && this.#isFresh(entry)) {
        this.#hits++;
        return Promise.resolve(entry.value);
      }
    }
    return this.lookup(key, load, options).then(({ value }) => value);
  }

  /** Like `getOrSet`, and tells where the value came from and how old it is. */
  async lookup(key: K, load: Load<V>, options: LookupOptions = {}): Promise<Lookup<V>> {
    checkFunction('load', load);
    const { signal, fresh = false } = options;
    if (signal !== undefined) checkSignal('signal', signal).throwIfAborted();
    const ttlMs = this.#readTtl(options);
    const id = idOf(key);
    if (fresh) {
      this.#forget(id);
      return this.#load(id, key, load, { ttlMs, signal, fresh });
    }
    let entry = this.#remembered(id);
    let source: LookupSource = 'memory';
    if (entry === undefined && !this.#loads.has(id) && this.#tier !== undefined) {
      entry = await abortable(signal, () => this.#read(id, key));
      source = 'store';
    }
    if (entry !== undefined && this.#isFresh(entry)) return this.#found(entry, source);
    if (entry !== undefined && this.#isWithin(entry, this.#revalidateMs)) {
      this.#counts.staleHits++;
      this.#revalidate(id, key, load, ttlMs);
      return this.#found(entry, 'stale');
    }
    return this.#load(id, key, load, { ttlMs, signal, stale: entry });
  }

  stats() {
    const hits = this.#hits;
    const { misses, ...counts } = this.#counts;
    const { evictions, expirations, size } = this.#memory.stats();
    const store = this.#tier?.stats;
    return {
      size,
      hits,
      misses,
      hitRate: hits + misses === 0 ? 0 : hits / (hits + misses),
      evictions,
      expirations,
      ...counts,
      loading: this.#loads.size,
      storeUp: store?.up ?? true,
      storeErrors: store?.errors ?? 0,
      storeTimeouts: store?.timeouts ?? 0,
      storeSkipped: store?.skipped ?? 0,
    };
  }

  /** What the memory holds, fresh or stale. */
  #remembered(id: Id): KeyedEntry<K, V> | undefined {
    const entry = this.#memory.get(id);
    if (entry !== undefined && this.#isFresh(entry)) this.#hits++;
    else this.#counts.misses++;
    return entry;
  }

  async #freshInStore(id: Id, key: K): Promise<Entry<V> | undefined> {
    if (this.#tier === undefined) return undefined;
    const entry = await this.#read(id, key);
    return entry !== undefined && this.#isFresh(entry) ? entry : undefined;
  }

  /** Reads the store into the memory; concurrent reads of a key are one. */
  #read(id: Id, key: K): Promise<KeyedEntry<K, V> | undefined> {
    return this.#reads.run(id, async (_signal, flight) => {
      const clears = this.#clears;
      const found = await this.#tier!.read(stableKey(key));
      if (found === undefined) {
        this.#counts.storeMisses++;
        return undefined;
      }
      this.#counts.storeHits++;
      const entry = { ...found, key };
      const isCurrent = flight.current && clears === this.#clears;
      // A load may have put a newer one there meanwhile.
      if (isCurrent && !this.#memory.has(id)) this.#keep(id, entry);
      return entry;
    });
  }

  #load(
    id: Id,
    key: K,
    load: Load<V>,
    how: {
      ttlMs: number;
      signal?: AbortSignal | undefined;
      fresh?: boolean;
      stale?: KeyedEntry<K, V> | undefined;
    },
  ): Promise<Lookup<V>> {
    const joins = this.#loads.has(id);
    if (joins) this.#counts.coalesced++;
    const { ttlMs, signal, fresh = false, stale } = how;
    const flown = this.#loads.run(
      id,
      async (loadSignal, flight) => {
        const clears = this.#clears;
        this.#counts.loads++;
        try {
          const value = await load({ signal: loadSignal });
          const entry = { key, value, at: this.#clock.now(), ttlMs };
          if (flight.current && clears === this.#clears) {
            this.#keep(id, entry);
            await this.#tier?.write(stableKey(key), entry, fresh);
          }
          return { entry, isStale: false };
        } catch (error) {
          if (loadSignal.aborted) throw error;
          this.#counts.loadErrors++;
          if (stale === undefined || !this.#isWithin(stale, this.#ifErrorMs)) throw error;
          logger.debug('Loading failed, a stale value is given: {error}', { error });
          return { entry: stale, isStale: true };
        }
      },
      { signal },
    );
    return flown.then(({ entry, isStale }) => {
      if (isStale) this.#counts.staleHits++;
      return this.#found(entry, isStale ? 'stale' : joins ? 'coalesced' : 'load');
    });
  }

  #revalidate(id: Id, key: K, load: Load<V>, ttlMs: number): void {
    if (this.#loads.has(id)) return;
    this.#load(id, key, load, { ttlMs }).catch((error: unknown) => {
      logger.debug('Revalidating failed: {error}', { error });
    });
  }

  #found(entry: Entry<V>, source: LookupSource): Lookup<V> {
    return { value: entry.value, source, ageMs: Math.max(0, this.#clock.now() - entry.at) };
  }

  /** What is under way for the key answers its own callers, and is not kept. */
  #forget(id: Id): void {
    this.#reads.forget(id);
    this.#loads.forget(id);
  }

  #keep(id: Id, entry: KeyedEntry<K, V>): void {
    const ttlMs = entry.at + entry.ttlMs + this.#keepStaleMs - this.#clock.now();
    try {
      if (ttlMs > 0) this.#memory.set(id, entry, { ttlMs });
    } catch (error) {
      // Of `weigh`: the value is good all the same.
      logHookError('weigh', error);
    }
  }

  #isFresh(entry: Entry<V>): boolean {
    return this.#keepStaleMs === 0 || this.#isWithin(entry, 0);
  }

  #isWithin(entry: Entry<V>, pastMs: number): boolean {
    return this.#clock.now() - entry.at < entry.ttlMs + pastMs;
  }

  #readTtl(options: CacheSetOptions | undefined): number {
    const ttlMs = options?.ttlMs;
    return ttlMs === undefined ? this.#ttlMs : readTtl('ttlMs', ttlMs);
  }
}

function idOf(key: unknown): Id {
  // A string is its own id, but for those that could be the text of an object's.
  if (typeof key === 'string') return key.charCodeAt(0) === tilde ? stableKey(key) : key;
  return typeof key === 'object' && key !== null ? stableKey(key) : key;
}

const tilde = '~'.charCodeAt(0);
