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
