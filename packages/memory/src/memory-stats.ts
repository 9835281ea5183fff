import type { StoreStats } from './memory-store.ts';

export interface MemoryStats {
  /** Whether the store is asked at all. */
  up: boolean;
  /** Turns that wait for the store, and their size as JSON. */
  queued: number;
  queuedBytes: number;
  /** Turns that were to be stored and never will be. */
  dropped: number;
  /** Absent while the store doesn't answer. */
  store?: StoreStats;
}
