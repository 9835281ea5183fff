import type { TTLCache } from '../cache/ttl-cache.ts';
import { SingleFlight } from '../flight/single-flight.ts';
import { KeptResults } from './kept-results.ts';

/** What one function remembers for one `this`: its results, and the calls under way. */
export class CallMemory {
  readonly cache: TTLCache<string>;
  /** The same, where it is the function's own. */
  readonly #results: KeptResults | undefined;
  readonly #flights = new SingleFlight<string>();
  readonly #prefix: string;

  /** @param prefix tells its entries from those of others in a cache that is shared */
  constructor(cache: TTLCache<string>, prefix: string) {
    this.cache = cache;
    this.#results = prefix === '' && cache instanceof KeptResults ? cache : undefined;
    this.#prefix = prefix;
  }

  /** The remembered result, one promise for all in a cache of its own; undefined: a miss. */
  recall(key: string): Promise<unknown> | undefined {
    if (this.#results !== undefined) return this.#results.promiseOf(key);
    const entry = this.#entryOf(key);
    const found = this.cache.get(entry);
    return found === undefined && !this.cache.has(entry) ? undefined : Promise.resolve(found);
  }

  /** Joins the run that is under way, or begins one. */
  run(key: string, work: () => unknown, ttlMs: number | undefined): Promise<unknown> {
    const entry = this.#entryOf(key);
    return this.#flights.run(entry, async (_signal, flight) => {
      // Whoever writes the entry meanwhile wins over this run, and later callers begin another.
      const unwatch = this.cache.watch(entry, () => this.#flights.forget(entry));
      try {
        const value = await work();
        unwatch();
        if (flight.current) this.cache.set(entry, value, { ttlMs });
        return value;
      } finally {
        unwatch();
      }
    });
  }

  forget(key: string): boolean {
    return this.cache.delete(this.#entryOf(key));
  }

  #entryOf(key: string): string {
    return this.#prefix === '' ? key : this.#prefix + key;
  }
}
