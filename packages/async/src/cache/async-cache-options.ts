import {
  checkFunction,
  checkMethods,
  checkNumber,
  checkObject,
  checkString,
} from '@kortana/errors';
import { type Clock, type RemovalReason, newTurnClock } from '@kortana/perf';
import { jsonSerializer, type Serializer } from './entry.ts';
import type { KeyValueStore } from './key-value-store.ts';

export interface AsyncCacheOptions<K, V> {
  /** How many entries are held in memory, an integer from 1 up; default: 1000. */
  maxSize?: number | undefined;
  /** How long a value is fresh, in milliseconds above 0; null: for ever; default: 300 000. */
  defaultTtlMs?: number | null | undefined;
  /** The most that the entries in memory may weigh together, a number above 0; default: no limit. */
  maxWeight?: number | undefined;
  /** What an entry weighs, a number from 0 up; default: 1. */
  weigh?: ((value: V, key: K) => number) | undefined;
  /** Told of each entry that leaves the memory. */
  onRemove?: ((key: K, value: V, reason: RemovalReason) => void) | undefined;
  /**
   * A store that several processes share, any Keyv instance for one; default: none. While it is
   * down, slow or gives garbage, everything goes on as if it were empty.
   */
  store?: KeyValueStore | undefined;
  /** How long the store may take for one call, in milliseconds above 0; default: 250. */
  storeTimeoutMs?: number | undefined;
  /**
   * What the keys in the store begin with, a string without `:entry:` in it or `:entry` at its end;
   * caches that share entries have the same. Default: `'cache'`.
   */
  namespace?: string | undefined;
  /** How values become texts in the store; default: JSON. */
  serialize?: Serializer<V> | undefined;
  /**
   * For how long after its expiry a value is still given at once, while a new one is loaded in the
   * background, in milliseconds from 0 up; default: 0.
   */
  staleWhileRevalidateMs?: number | undefined;
  /** For how long after its expiry a value is given if loading fails, likewise; default: 0. */
  staleIfErrorMs?: number | undefined;
  /** Monotonic, in milliseconds; default: `performance`. With a store: comparable among those who share it. */
  clock?: Clock | undefined;
}

/** Processes share no monotonic clock; entries in a store are dated by this one. */
const wallClock: Clock = { now: () => Date.now() };

export function readCacheOptions<K, V>(options: AsyncCacheOptions<K, V> = {}) {
  const {
    maxSize = 1000,
    defaultTtlMs = 300_000,
    maxWeight,
    weigh,
    onRemove,
    store,
    storeTimeoutMs = 250,
    namespace = 'cache',
    serialize = jsonSerializer as Serializer<V>,
    staleWhileRevalidateMs = 0,
    staleIfErrorMs = 0,
    clock,
  } = checkObject('options', options);
  if (onRemove !== undefined) checkFunction('onRemove', onRemove);
  if (weigh !== undefined) checkFunction('weigh', weigh);
  if (store !== undefined) checkMethods('store', store, ['get', 'set', 'delete']);
  return {
    maxSize,
    maxWeight,
    ttlMs: readTtl('defaultTtlMs', defaultTtlMs),
    weigh,
    onRemove,
    store,
    storeTimeoutMs: checkNumber('storeTimeoutMs', storeTimeoutMs, { above: 0, infinite: true }),
    namespace: readNamespace(namespace),
    serializer: checkMethods('serialize', serialize, ['stringify', 'parse']),
    staleWhileRevalidateMs: readWindow('staleWhileRevalidateMs', staleWhileRevalidateMs),
    staleIfErrorMs: readWindow('staleIfErrorMs', staleIfErrorMs),
    clock: clock === undefined ? newTurnClock() : checkMethods('clock', clock, ['now']),
    wallClock: clock ?? wallClock,
  };
}

/** One that can't be taken for another with the beginning of a key. */
function readNamespace(namespace: string): string {
  checkString('namespace', namespace);
  if (!`${namespace}:`.includes(':entry:')) return namespace;
  throw new RangeError(`Expected \`namespace\` to be without ':entry', got '${namespace}'`);
}

/** Null (for ever) as Infinity. */
export function readTtl(name: string, ttlMs: number | null): number {
  return ttlMs === null ? Infinity : checkNumber(name, ttlMs, { above: 0, infinite: true });
}

function readWindow(name: string, ms: number): number {
  return checkNumber(name, ms, { min: 0, infinite: true });
}
