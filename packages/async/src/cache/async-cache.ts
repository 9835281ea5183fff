import { checkBoolean, checkFunction, checkSignal } from '@kortana/errors';
import { type Clock, SingleFlight, stableKey } from '@kortana/perf';
import { logger } from '../log.ts';
import { droppable } from '../waiting/droppable.ts';
import { patient } from '../waiting/patient.ts';
import { type AsyncCacheOptions, readCacheOptions, readTtl } from './async-cache-options.ts';
import { asyncCacheStats, type AsyncCacheStats, newCounts } from './async-cache-stats.ts';
import type { Entry } from './entry.ts';
import type { Arrival, Request } from './flight.ts';
import { type Id, idOf } from './key-id.ts';
import type { CacheSetOptions, Load, Lookup, LookupOptions, LookupSource } from './lookup.ts';
import { type KeyedEntry, MemoryTier } from './memory-tier.ts';
import { SharedTier } from './shared-tier.ts';

/**
 * A read-through cache: memory in front, a shared store behind it if there is one, and behind both
 * what loads the value. Concurrent loads of a key are one, also when they fail; `delete`, `clear`
 * and `set` win over a load that began earlier.
 *
 *     const users = new AsyncCache<string, User>({ defaultTtlMs: 60_000 });
 *     const user = await users.getOrSet(id, ({ signal }) => fetchUser(id, { signal }));
 */
export class AsyncCache<K, V> {
  readonly #memory: MemoryTier<K, V>;
  readonly #tier: SharedTier<V> | undefined;
  readonly #clock: Clock;
  readonly #ttlMs: number;
  readonly #storeTimeoutMs: number;
  #reads = new SingleFlight<Id, KeyedEntry<K, V> | undefined>();
  #flights = new SingleFlight<Id, Arrival<K, V>>();
  /** Counts the `clear`s, to tell what began before one. */
  #clears = 0;
  #hits = 0;
  readonly #counts = newCounts();

  /** @throws TypeError, RangeError for a wrong option */
  constructor(options?: AsyncCacheOptions<K, V>) {
    const settings = readCacheOptions(options);
    const { store, storeTimeoutMs: timeoutMs } = settings;
    this.#clock = settings.clock;
    this.#ttlMs = settings.ttlMs;
    this.#storeTimeoutMs = timeoutMs;
    this.#memory = new MemoryTier(settings);
    const { keepStaleMs } = this.#memory;
    this.#tier = store && new SharedTier({ ...settings, store, timeoutMs, keepStaleMs });
  }

  /** The fresh value, undefined without one. */
  get(key: K): Promise<V | undefined> {
    return droppable(this.#find(key, (id) => this.#remembered(id)).then((entry) => entry?.value));
  }

  /** Whether there is a fresh value. */
  has(key: K): Promise<boolean> {
    const entry = this.#find(key, (id) => this.#memory.peek(id));
    return droppable(entry.then((found) => found !== undefined));
  }

  /** Resolves when the store has it too or doesn’t answer; after `storeTimeoutMs` at most. */
  set(key: K, value: V, options?: CacheSetOptions): Promise<void> {
    return droppable(this.#set(key, value, options));
  }

  /** Whether there was something to delete. */
  delete(key: K): Promise<boolean> {
    return droppable(this.#delete(key));
  }

  /** Empties the memory; the store's entries of this namespace are no longer found, by nobody. */
  async clear(): Promise<void> {
    this.#clears++;
    this.#reads = new SingleFlight();
    this.#flights = new SingleFlight();
    this.#memory.clear();
    await this.#tier?.clear();
  }

  /** The fresh value, else what `load` gives, which is kept. */
  getOrSet(key: K, load: Load<V>, options?: LookupOptions): Promise<V> {
    // The short way of a hit: one promise, nothing to check. (The id of an object may throw.)
    if (options === undefined && typeof key !== 'object' && typeof load === 'function') {
      const entry = this.#memory.get(idOf(key));
      if (entry !== undefined && this.#memory.isFresh(entry)) {
        this.#hits++;
        return (entry.promise ??= Promise.resolve(entry.value));
      }
    }
    return droppable(this.#lookup(key, load, options).then(valueOf));
  }

  /** Like `getOrSet`, and tells where the value came from and how old it is. */
  lookup(key: K, load: Load<V>, options?: LookupOptions): Promise<Lookup<V>> {
    return droppable(this.#lookup(key, load, options));
  }

  stats(): AsyncCacheStats {
    return asyncCacheStats(this.#hits, this.#counts, {
      memory: this.#memory.stats,
      store: this.#tier?.stats,
      loading: this.#flights.size,
    });
  }

  async #set(key: K, value: V, options: CacheSetOptions | undefined): Promise<void> {
    const ttlMs = this.#readTtl(options);
    const id = idOf(key);
    // First of all: it throws for a key that has no text.
    const storeKey = this.#tier === undefined ? '' : stableKey(key);
    this.#forget(id);
    const entry = { key, value, at: this.#clock.now(), ttlMs };
    this.#memory.keep(id, entry);
    await this.#tier?.write(storeKey, entry, true);
  }

  async #delete(key: K): Promise<boolean> {
    const id = idOf(key);
    this.#forget(id);
    const wasInMemory = this.#memory.delete(id);
    const wasInStore = (await this.#tier?.delete(stableKey(key))) ?? false;
    return wasInMemory || wasInStore;
  }

  async #lookup(key: K, load: Load<V>, options: LookupOptions = {}): Promise<Lookup<V>> {
    checkFunction('load', load);
    const { signal, fresh = false } = options;
    if (signal !== undefined) checkSignal('signal', signal).throwIfAborted();
    checkBoolean('fresh', fresh);
    const id = idOf(key);
    const mode = fresh ? 'fresh' : 'lookup';
    const request = { id, key, load, ttlMs: this.#readTtl(options), signal, mode } as const;
    if (fresh) this.#forget(id);
    else {
      const entry = this.#remembered(id);
      if (entry !== undefined) {
        if (this.#memory.isFresh(entry)) return this.#found(entry, 'memory');
        if (this.#memory.mayBridge(entry)) return this.#bridge(entry, request);
      }
    }
    const joins = this.#flights.has(id);
    if (joins) this.#counts.coalesced++;
    const { entry, source, failure, stored, storeMs } = await this.#fly(request);
    if (source === 'stale') {
      if (fresh) throw failure?.error;
      if (this.#memory.mayBridge(entry)) return this.#bridge(entry, request);
      this.#counts.staleHits++;
    }
    if (stored !== undefined) await patient(stored, this.#storeTimeoutMs - storeMs, signal);
    return this.#found(entry, joins && source === 'load' ? 'coalesced' : source);
  }

  /** What the memory holds, fresh or stale. */
  #remembered(id: Id): KeyedEntry<K, V> | undefined {
    const entry = this.#memory.get(id);
    if (entry !== undefined && this.#memory.isFresh(entry)) this.#hits++;
    else this.#counts.misses++;
    return entry;
  }

  /** The fresh entry, wherever it is. */
  async #find(key: K, inMemory: (id: Id) => Entry<V> | undefined): Promise<Entry<V> | undefined> {
    const id = idOf(key);
    const entry = inMemory(id);
    if (entry !== undefined && this.#memory.isFresh(entry)) return entry;
    const stored = await this.#read(id, key);
    return stored !== undefined && this.#memory.isFresh(stored) ? stored : undefined;
  }

  /** Reads the store into the memory; concurrent reads of a key are one. */
  #read(id: Id, key: K): Promise<KeyedEntry<K, V> | undefined> {
    const tier = this.#tier;
    if (tier === undefined) return Promise.resolve(undefined);
    return this.#reads.run(id, async (_signal, flight) => {
      const clears = this.#clears;
      const found = await tier.read(stableKey(key));
      if (found === undefined) {
        this.#counts.storeMisses++;
        return undefined;
      }
      this.#counts.storeHits++;
      const entry = { ...found, key };
      const present = this.#memory.peek(id);
      const isNewer = present === undefined || present.at < entry.at;
      if (isNewer && flight.current && clears === this.#clears) this.#memory.keep(id, entry);
      return entry;
    });
  }

  /** Joins the key's flight or begins one: to the store, and on to the load if that has nothing. */
  #fly(request: Request<K, V>): Promise<Arrival<K, V>> {
    const { id, key, signal, mode } = request;
    return this.#flights.run(
      id,
      async (flightSignal, flight) => {
        if (mode === 'fresh') {
          return this.#load(request, flightSignal, flight, this.#memory.peek(id), 0);
        }
        const began = this.#clock.now();
        const found = await this.#read(id, key);
        const storeMs = this.#clock.now() - began;
        flightSignal.throwIfAborted();
        if (found !== undefined) {
          if (this.#memory.isFresh(found)) return { entry: found, source: 'store', storeMs };
          const mayBridge = mode === 'lookup' && this.#memory.mayBridge(found);
          if (mayBridge) return { entry: found, source: 'stale', storeMs };
        }
        return this.#load(request, flightSignal, flight, found ?? this.#memory.peek(id), storeMs);
      },
      { signal },
    );
  }

  async #load(
    { id, key, load, ttlMs, mode }: Request<K, V>,
    signal: AbortSignal,
    flight: { readonly current: boolean },
    stale: KeyedEntry<K, V> | undefined,
    storeMs: number,
  ): Promise<Arrival<K, V>> {
    const clears = this.#clears;
    this.#counts.loads++;
    let value: V;
    try {
      value = await load({ signal });
    } catch (error) {
      if (signal.aborted) throw error;
      this.#counts.loadErrors++;
      if (stale === undefined || !this.#memory.mayReplaceError(stale)) throw error;
      logger.debug('Loading failed, a stale value is given: {error}', { error });
      return { entry: stale, source: 'stale', failure: { error }, storeMs };
    }
    const entry = { key, value, at: this.#clock.now(), ttlMs };
    if (!flight.current || clears !== this.#clears) return { entry, source: 'load', storeMs };
    this.#memory.keep(id, entry);
    const stored = this.#tier?.write(stableKey(key), entry, mode === 'fresh');
    return { entry, source: 'load', stored, storeMs };
  }

  /** Gives a stale value while a new one is loaded. */
  #bridge(entry: KeyedEntry<K, V>, request: Request<K, V>): Lookup<V> {
    this.#counts.staleHits++;
    if (!this.#flights.has(request.id)) {
      this.#fly({ ...request, signal: undefined, mode: 'revalidate' }).catch((error: unknown) => {
        logger.debug('Revalidating failed: {error}', { error });
      });
    }
    return this.#found(entry, 'stale');
  }

  #found(entry: Entry<V>, source: LookupSource): Lookup<V> {
    return { value: entry.value, source, ageMs: this.#memory.ageMs(entry) };
  }

  /** What is under way for the key answers its own callers, and is not kept. */
  #forget(id: Id): void {
    this.#reads.forget(id);
    this.#flights.forget(id);
  }

  #readTtl(options: CacheSetOptions | undefined): number {
    const ttlMs = options?.ttlMs;
    return ttlMs === undefined ? this.#ttlMs : readTtl('ttlMs', ttlMs);
  }
}

const valueOf = <V>({ value }: Lookup<V>): V => value;
