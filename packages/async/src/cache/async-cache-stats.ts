import type { CacheStats } from '@kortana/perf';
import type { GuardStats } from './store-guard.ts';

/** What a cache counts itself, but for the hits. */
export type Counts = ReturnType<typeof newCounts>;

export function newCounts() {
  return {
    /** Lookups for which the memory had nothing fresh. */
    misses: 0,
    /** Stale values that were given. */
    staleHits: 0,
    loads: 0,
    loadErrors: 0,
    /** Lookups that joined a load of somebody else. */
    coalesced: 0,
    /** Reads of the store that found an entry, and that found none (or no store). */
    storeHits: 0,
    storeMisses: 0,
  };
}

/** What a cache did since it was made. */
export interface AsyncCacheStats extends Counts {
  /** Entries in memory, those included that are kept for their stale windows. */
  size: number;
  /** Lookups that the memory answered with a fresh value. */
  hits: number;
  /** hits / (hits + misses), 0 to 1; 0 without lookups. */
  hitRate: number;
  evictions: number;
  expirations: number;
  /** Loads under way. */
  loading: number;
  /** Whether the store answers, as far as is known; true without one. */
  storeUp: boolean;
  /** Calls of the store that failed, and answers of it that were garbage. */
  storeErrors: number;
  /** Calls of the store that took longer than `storeTimeoutMs`. */
  storeTimeouts: number;
  /** Calls of the store that weren't made because it was down. */
  storeSkipped: number;
}

interface Parts {
  memory: CacheStats;
  store: GuardStats | undefined;
  loading: number;
}

export function asyncCacheStats(hits: number, counts: Counts, parts: Parts): AsyncCacheStats {
  const { memory, store, loading } = parts;
  const lookups = hits + counts.misses;
  return {
    ...counts,
    size: memory.size,
    hits,
    hitRate: lookups === 0 ? 0 : hits / lookups,
    evictions: memory.evictions,
    expirations: memory.expirations,
    loading,
    storeUp: store?.up ?? true,
    storeErrors: store?.errors ?? 0,
    storeTimeouts: store?.timeouts ?? 0,
    storeSkipped: store?.skipped ?? 0,
  };
}
