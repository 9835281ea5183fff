import { TTLCache } from '../cache/ttl-cache.ts';
import type { SetOptions } from '../cache/ttl-cache-options.ts';

interface Kept {
  readonly value: unknown;
  /** Made for the first call that asks. */
  promise: Promise<unknown> | undefined;
}

/**
 * A cache of results that keeps the promise of each beside it: all who ask get one and the same, for
 * to make a promise costs more than to find one.
 */
export class KeptResults extends TTLCache<string> {
  /** Like `get`, but a promise; undefined: a miss. */
  promiseOf(key: string): Promise<unknown> | undefined {
    const kept = super.get(key) as Kept | undefined;
    return kept && (kept.promise ??= Promise.resolve(kept.value));
  }

  override get(key: string): unknown {
    return (super.get(key) as Kept | undefined)?.value;
  }

  override peek(key: string): unknown {
    return (super.peek(key) as Kept | undefined)?.value;
  }

  override set(key: string, value: unknown, options?: SetOptions): this {
    return super.set(key, { value, promise: undefined } satisfies Kept, options);
  }

  override *entries(): Generator<[string, unknown], void, undefined> {
    for (const [key, kept] of super.entries()) yield [key, (kept as Kept).value];
  }
}
