import { checkFunction, checkObject } from '@kortana/errors';
import { TTLCache } from '../cache/ttl-cache.ts';
import { checkedTtl } from '../cache/ttl-cache-options.ts';
import type { Clock } from '../clock/clock.ts';
import { SingleFlight } from '../flight/single-flight.ts';
import { stableKey } from '../key/stable-key.ts';
import { type FunctionDecorator, functionDecorator } from './function-decorator.ts';

export type AsyncFunction = (...args: never[]) => Promise<unknown>;

export interface CachedAsyncOptions {
  /** How long a result is kept, in milliseconds above 0; default: 300 000, with `cache` its own. */
  ttlMs?: number | undefined;
  /** How many results are kept (for each instance, on a method); default: 100. */
  maxSize?: number | undefined;
  /** What tells calls apart, compared by content; default: all arguments. */
  key?: ((...args: never[]) => unknown) | undefined;
  /** Where results are kept; default: a cache of its own. Several functions may share one. */
  cache?: TTLCache<string> | undefined;
  clock?: Clock | undefined;
}

export interface Cached {
  /** The results of calls without `this`, or the cache that was given. */
  readonly cache: TTLCache<string>;
  /** Forgets the result for these arguments; on a method: `.invalidate.call(instance, …)`. */
  invalidate(...args: unknown[]): boolean;
}

interface Memory {
  readonly cache: TTLCache<string>;
  readonly flights: SingleFlight<string>;
  readonly prefix: string;
}

let functions = 0;

/**
 * Remembers what an async function resolved with. Concurrent equal calls share one run; a rejection
 * is shared, not kept; a resolved `undefined` is kept. A method has its own entries for each
 * instance, held weakly.
 *
 *     const getUser = cachedAsync({ ttlMs: 60_000 })(fetchUser);
 *     class Users { @cachedAsync() async find(id: string) { … } }
 */
export function cachedAsync(
  options: CachedAsyncOptions = {},
): FunctionDecorator<Cached, AsyncFunction> {
  const { ttlMs, maxSize, key, cache: shared, clock } = checkObject('options', options);
  if (key !== undefined) checkFunction('key', key);
  if (ttlMs !== undefined) checkedTtl('ttlMs', ttlMs);
  const newCache = () => new TTLCache<string>({ defaultTtlMs: ttlMs, maxSize, clock });
  newCache(); // to check the options

  return functionDecorator(<F extends AsyncFunction>(fn: F) => {
    const id = ++functions;
    let instances = 0;
    const newMemory = (): Memory => ({
      cache: shared ?? newCache(),
      flights: new SingleFlight(),
      prefix: shared === undefined ? '' : `${id}.${instances++}:`,
    });
    const memory = newMemory();
    const memories = new WeakMap<object, Memory>();
    const memoryOf = (self: unknown): Memory => {
      if (typeof self !== 'object' || self === null) return memory;
      let own = memories.get(self);
      if (own === undefined) memories.set(self, (own = newMemory()));
      return own;
    };
    const keyOf = (self: unknown, args: never[]): string =>
      key === undefined ? stableKey(...args) : stableKey(key.apply(self, args));

    const cached = function (this: unknown, ...args: never[]): Promise<unknown> {
      const { cache, flights, prefix } = memoryOf(this);
      let entry: string;
      try {
        entry = prefix + keyOf(this, args);
      } catch (error) {
        return Promise.reject(error);
      }
      const found = cache.get(entry);
      if (found !== undefined || cache.has(entry)) return Promise.resolve(found);
      return flights.run(entry, async (_signal, flight) => {
        const unwatch = cache.watch(entry, () => flights.forget(entry));
        try {
          const value = await fn.apply(this, args);
          unwatch();
          if (flight.current) cache.set(entry, value, { ttlMs });
          return value;
        } finally {
          unwatch();
        }
      });
    };
    const invalidate = function (this: unknown, ...args: never[]): boolean {
      const { cache, prefix } = memoryOf(this === cached ? undefined : this);
      return cache.delete(prefix + keyOf(this, args));
    };
    Object.defineProperty(cached, 'name', { value: fn.name, configurable: true });
    return Object.assign(cached, { cache: memory.cache, invalidate }) as unknown as F & Cached;
  });
}
