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
