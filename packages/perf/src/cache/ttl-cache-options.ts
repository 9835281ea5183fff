import {
  checkFunction,
  checkInteger,
  checkMethods,
  checkNumber,
  checkObject,
} from '@kortana/errors';
import type { Clock } from '../clock/clock.ts';
import { newTurnClock } from '../clock/turn-clock.ts';

/** Why an entry left: dropped for room, out of time, by `delete`, by `set`, by `clear`. */
export type RemovalReason = 'evicted' | 'expired' | 'deleted' | 'replaced' | 'cleared';

export interface TTLCacheOptions<K = unknown, V = unknown> {
  /** How many entries it holds, an integer from 1 up (V8's Map ends at about 16 million); default: 100. */
  maxSize?: number | undefined;
  /** How long an entry lives, in milliseconds above 0; null: for ever; default: 300 000 (5 minutes). */
  defaultTtlMs?: number | null | undefined;
  /** The most that all entries may weigh together, a number above 0; needs `weigh`; default: no limit. */
  maxWeight?: number | undefined;
  /** What an entry weighs, a number from 0 up; asked once for each `set`, and only with `maxWeight`. */
  weigh?: ((value: V, key: K) => number) | undefined;
  /** Told of each entry that leaves, once the cache is whole again: it may use the cache. */
  onRemove?: ((key: K, value: V, reason: RemovalReason) => void) | undefined;
  /** Read each time; default: `performance.now`, read once per turn of the event loop. */
  clock?: Clock | undefined;
}

export interface SetOptions {
  /** How long this entry lives, in milliseconds above 0; null: for ever; default: `defaultTtlMs`. */
  ttlMs?: number | null | undefined;
}

/** Checks the options and fills in what isn't given. */
export function checkedCacheOptions<K, V>(options: TTLCacheOptions<K, V>) {
  const {
    maxSize = 100,
    defaultTtlMs = 300_000,
    maxWeight,
    weigh,
    onRemove,
    clock = newTurnClock(),
  } = checkObject('options', options);
  if (weigh !== undefined || maxWeight !== undefined) checkFunction('weigh', weigh);
  if (onRemove !== undefined) checkFunction('onRemove', onRemove);
  return {
    maxSize: checkInteger('maxSize', maxSize, { min: 1 }),
    defaultTtlMs: checkedTtl('defaultTtlMs', defaultTtlMs),
    maxWeight:
      maxWeight === undefined ? Infinity : checkNumber('maxWeight', maxWeight, { above: 0 }),
    weigh: maxWeight === undefined ? undefined : weigh,
    onRemove,
    clock: checkMethods('clock', clock, ['now']),
  };
}

/** null (for ever) as Infinity. */
export function checkedTtl(name: string, ttlMs: unknown): number {
  return ttlMs === null ? Infinity : checkNumber(name, ttlMs, { above: 0, infinite: true });
}
