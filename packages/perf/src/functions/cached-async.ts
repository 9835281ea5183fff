import { checkFunction, checkMethods, checkObject } from '@kortana/errors';
import type { TTLCache } from '../cache/ttl-cache.ts';
import type { SetOptions } from '../cache/ttl-cache-options.ts';
import type { Clock } from '../clock/clock.ts';
import { keyOfAll, stableKey } from '../key/stable-key.ts';
import { rejected } from '../rejected.ts';
import { CallMemory } from './call-memory.ts';
import { type FunctionDecorator, functionDecorator } from './function-decorator.ts';
import { KeptResults } from './kept-results.ts';

export type AsyncFunction = (...args: never[]) => Promise<unknown>;

/** A TTLCache, whatever the type of its values. */
export interface ResultCache {
  get(key: string): unknown;
  has(key: string): boolean;
  set(key: string, value: unknown, options?: SetOptions): unknown;
  delete(key: string): boolean;
  watch(key: string, onWrite: () => void): () => void;
}

export interface CachedAsyncOptions {
  /** How long a result is kept, in milliseconds above 0; default: 300 000, or with `cache` what that has. */
  ttlMs?: number | undefined;
  /** How many results are kept, on a method for each instance; default: 100. */
  maxSize?: number | undefined;
  /** What tells calls apart, compared by content like `stableKey`; default: all arguments. */
  key?: ((...args: never[]) => unknown) | undefined;
  /** Where results are kept, also by several functions, which share no entries; default: a cache of its own. */
  cache?: ResultCache | undefined;
  /** Of its own cache; default: `performance.now`, read once per turn of the event loop. */
  clock?: Clock | undefined;
}

/** What a cached function has beside its call. */
export interface Cached {
  /** The cache that was given, else the one of calls without `this`. */
  readonly cache: TTLCache<string>;
  /**
   * Forgets the result for these arguments, and whether there was one. A run that began earlier still
   * answers those who wait for it, but is not kept. On a method: `.invalidate.call(instance, …)`.
   */
  invalidate(...args: unknown[]): boolean;
}

let functions = 0;

/**
 * Remembers what an async function resolved with. Concurrent equal calls share one run; a rejection
 * is shared, not kept; a resolved `undefined` is kept. On a method each instance has entries of its
 * own, held weakly.
 *
 *     const getUser = cachedAsync({ ttlMs: 60_000 })(fetchUser);
 *     class Users { @cachedAsync() async find(id: string) { … } }
 *
 * @throws TypeError, RangeError for a wrong option; a call whose arguments have no key rejects with
 * a TypeError (see `stableKey`)
 */
export function cachedAsync(
  options: CachedAsyncOptions = {},
): FunctionDecorator<Cached, AsyncFunction> {
  const { ttlMs, maxSize, key, cache: shared, clock } = checkObject('options', options);
  if (key !== undefined) checkFunction('key', key);
  if (shared !== undefined) checkMethods('cache', shared, ['get', 'has', 'set', 'delete', 'watch']);
  const newCache = () => new KeptResults({ defaultTtlMs: ttlMs, maxSize, clock });
  newCache(); // checks the options

  return functionDecorator(<F extends AsyncFunction>(fn: F) => {
    const id = functions++;
    let memories = 0;
    const newMemory = () =>
      shared === undefined
        ? new CallMemory(newCache(), '')
        : new CallMemory(shared as TTLCache<string>, `${id}.${memories++}:`);
    const own = newMemory();
    const ofInstances = new WeakMap<object, CallMemory>();
    const memoryOf = (self: unknown): CallMemory => {
      const isInstance = (typeof self === 'object' && self !== null) || typeof self === 'function';
      if (!isInstance || self === cached) return own; // `cached.invalidate(…)` is called on the function
      let memory = ofInstances.get(self);
      if (memory === undefined) ofInstances.set(self, (memory = newMemory()));
      return memory;
    };
    const keyOf = (self: unknown, args: never[]): string =>
      key === undefined ? keyOfAll(args) : stableKey(key.apply(self, args));
    // Apart from the way of a hit, which must not pay for what only a run needs.
    const load = (memory: CallMemory, entry: string, self: unknown, args: never[]) =>
      memory.run(entry, () => fn.apply(self, args), ttlMs);

    const cached = function (this: unknown, ...args: never[]): Promise<unknown> {
      let entry: string;
      try {
        entry = keyOf(this, args);
      } catch (error) {
        return rejected(error);
      }
      const memory = this === undefined ? own : memoryOf(this);
      return memory.recall(entry) ?? load(memory, entry, this, args);
    };
    const invalidate = function (this: unknown, ...args: never[]): boolean {
      return memoryOf(this).forget(keyOf(this, args));
    };
    Object.defineProperty(cached, 'name', { value: fn.name, configurable: true });
    return Object.assign(cached, { cache: own.cache, invalidate }) as unknown as F & Cached;
  });
}
