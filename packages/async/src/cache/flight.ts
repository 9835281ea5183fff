import type { Id } from './key-id.ts';
import type { Load } from './lookup.ts';
import type { KeyedEntry } from './memory-tier.ts';

/** What a flight brought. */
export interface Arrival<K, V> {
  readonly entry: KeyedEntry<K, V>;
  readonly source: 'store' | 'load' | 'stale';
  /** What loading threw, where a stale value is given in its place. */
  readonly failure?: { readonly error: unknown } | undefined;
  /** Resolves when the store has it too; undefined: it needn't be told. */
  readonly stored?: Promise<void> | undefined;
  /** How long the store has been waited for already. */
  readonly storeMs: number;
}

export interface Request<K, V> {
  readonly id: Id;
  readonly key: K;
  readonly load: Load<V>;
  readonly ttlMs: number;
  readonly signal: AbortSignal | undefined;
  /** `'fresh'`: whatever is cached; `'revalidate'`: whatever stale value there is. */
  readonly mode: 'lookup' | 'fresh' | 'revalidate';
}
