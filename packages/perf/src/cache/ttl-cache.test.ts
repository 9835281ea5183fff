import { afterEach, describe, expect, test, vi } from 'vitest';
import { manualClock } from '../../test/manual-clock.ts';
import { warningsDuring } from '../../test/warnings.ts';
import { TTLCache } from './ttl-cache.ts';
import type { TTLCacheOptions } from './ttl-cache-options.ts';

function makeCache(options: TTLCacheOptions = {}) {
  const clock = manualClock();
  const removed: unknown[][] = [];
  const cache = new TTLCache({
    clock,
    onRemove: (...what) => removed.push(what),
    ...options,
  });
  return { cache, clock, removed };
}

afterEach(() => vi.useRealTimers());

describe('lifetime', () => {
  test('an entry is there until just before its TTL is over, and gone from then on', () => {
    const { cache, clock } = makeCache({ defaultTtlMs: 10 });
    cache.set('a', 1);
    clock.advance(9.999);
    expect(cache.get('a')).toBe(1);
    clock.advance(0.001);
    expect(cache.get('a')).toBeUndefined();
  });

  test('lives five minutes by default, and holds 100 entries', () => {
    const { cache, clock } = makeCache();
    for (let key = 0; key < 101; key++) cache.set(key, key);
    expect(cache.size).toBe(100);
    clock.advance(299_999);
    expect(cache.has(100)).toBe(true);
    clock.advance(1);
    expect(cache.has(100)).toBe(false);
  });

  test('an entry has its own TTL if it is given one; undefined is the default one', () => {
    const { cache, clock } = makeCache({ defaultTtlMs: 10 });
    cache.set('short', 1, { ttlMs: 5 }).set('default', 2, { ttlMs: undefined });
    cache.set('for ever', 3, { ttlMs: null });
    clock.advance(5);
    expect([...cache.keys()]).toEqual(['for ever', 'default']);
    clock.advance(1e12);
    expect([...cache.keys()]).toEqual(['for ever']);
  });

  test('without a default TTL nothing expires', () => {
    const { cache, clock } = makeCache({ defaultTtlMs: null });
    cache.set('a', 1);
    clock.advance(1e15);
    expect(cache.get('a')).toBe(1);
    expect(cache.remainingTtlMs('a')).toBe(Infinity);
  });

  test('a hit does not prolong a life, an overwrite begins a new one', () => {
    const { cache, clock } = makeCache({ defaultTtlMs: 10 });
    cache.set('a', 1).set('b', 1);
    clock.advance(6);
    cache.get('a');
    cache.set('b', 2);
    clock.advance(4);
    expect(cache.get('a')).toBeUndefined();
    expect(cache.get('b')).toBe(2);
    expect(cache.remainingTtlMs('b')).toBe(6);
  });

  test('tells the time that is left', () => {
    const { cache, clock } = makeCache({ defaultTtlMs: 10 });
    cache.set('a', 1);
    clock.advance(4);
    expect(cache.remainingTtlMs('a')).toBe(6);
    clock.advance(6);
    expect(cache.remainingTtlMs('a')).toBeUndefined();
    expect(cache.remainingTtlMs('never was')).toBeUndefined();
  });

  test('obeys fake timers that are installed after an entry was made', () => {
    const cache = new TTLCache({ defaultTtlMs: 1000 });
    vi.useFakeTimers();
    cache.set('a', 1);
    vi.advanceTimersByTime(999);
    expect(cache.has('a')).toBe(true);
    vi.advanceTimersByTime(1);
    expect(cache.has('a')).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('values and keys', () => {
  test.for([undefined, null, 0, '', Number.NaN, false])('%s is a value like any other', (value) => {
    const { cache } = makeCache();
    expect(cache.has('a')).toBe(false);
    cache.set('a', value);
    expect(cache.has('a')).toBe(true);
    expect(cache.get('a')).toBe(value);
    expect(cache.stats()).toMatchObject({ hits: 1, misses: 0 });
  });

  test('keys are compared as in Map', () => {
    const { cache } = makeCache();
    const object = {};
    cache.set(Number.NaN, 'NaN').set(0, 'zero').set(object, 'object').set('1', 'string');
    expect(cache.get(Number.NaN)).toBe('NaN');
    expect(cache.get(-0)).toBe('zero');
    expect(cache.get(object)).toBe('object');
    expect(cache.has({})).toBe(false);
    expect(cache.has(1)).toBe(false);
    cache.set(undefined, 'undefined').set('__proto__', 'text');
    expect(cache.get(undefined)).toBe('undefined');
    expect(cache.get('__proto__')).toBe('text');
  });
});

describe('room', () => {
  test('drops the one that was not used for the longest time', () => {
    const { cache, removed } = makeCache({ maxSize: 3 });
    cache.set('a', 1).set('b', 2).set('c', 3);
    cache.get('a');
    cache.set('d', 4);
    expect([...cache.keys()]).toEqual(['d', 'a', 'c']);
    expect(removed).toEqual([['b', 2, 'evicted']]);
    expect(cache.stats()).toMatchObject({ evictions: 1, expirations: 0 });
  });

  test('has and peek make nothing recently used, and count nothing', () => {
    const { cache } = makeCache({ maxSize: 2 });
    cache.set('a', 1).set('b', 2);
    expect(cache.has('a')).toBe(true);
    expect(cache.peek('a')).toBe(1);
    expect(cache.peek('x')).toBeUndefined();
    cache.set('c', 3);
    expect(cache.has('a')).toBe(false);
    expect(cache.stats()).toMatchObject({ hits: 0, misses: 0 });
  });

  test('drops an expired entry before any live one', () => {
    const { cache, clock, removed } = makeCache({ maxSize: 3, defaultTtlMs: 100 });
    cache.set('oldest', 1).set('short', 2, { ttlMs: 10 }).set('newest', 3);
    cache.get('short');
    clock.advance(10);
    cache.set('new', 4);
    expect([...cache.keys()]).toEqual(['new', 'newest', 'oldest']);
    expect(removed).toEqual([['short', 2, 'expired']]);
    expect(cache.stats()).toMatchObject({ evictions: 0, expirations: 1 });
  });

  test('drops an expired entry before any live one, however the TTLs differ', () => {
    const size = 100;
    const { cache, clock } = makeCache({ maxSize: size });
    // Shortest last and in no order: neither the order of use nor that of making helps.
    const ttls = Array.from({ length: size }, (_, index) => 1000 - index * 7 + ((index * 37) % 11));
    for (const [index, ttlMs] of ttls.entries()) cache.set(index, index, { ttlMs });
    const soonest = Math.min(...ttls);
    clock.advance(soonest);
    cache.set('new', 0, { ttlMs: null });
    expect(cache.size).toBe(size);
    expect(cache.has(ttls.indexOf(soonest))).toBe(false);
    expect(cache.stats()).toMatchObject({ evictions: 0, expirations: 1 });
    cache.set('newer', 0, { ttlMs: null });
    expect(cache.stats()).toMatchObject({ evictions: 1, expirations: 1 });
  });

  test('an overwrite evicts nobody', () => {
    const { cache, removed } = makeCache({ maxSize: 2 });
    cache.set('a', 1).set('b', 2).set('a', 3);
    expect([...cache]).toEqual([
      ['a', 3],
      ['b', 2],
    ]);
    expect(removed).toEqual([['a', 1, 'replaced']]);
    expect(cache.stats().evictions).toBe(0);
  });

  test('a cache of one holds one', () => {
    const { cache } = makeCache({ maxSize: 1 });
    cache.set('a', 1).set('b', 2);
    expect([...cache]).toEqual([['b', 2]]);
    cache.delete('b');
    expect(cache.size).toBe(0);
    cache.set('c', 3);
    expect(cache.get('c')).toBe(3);
  });

  test('goes on for long with slots used over and over', () => {
    const { cache } = makeCache({ maxSize: 50 });
    for (let key = 0; key < 5000; key++) {
      cache.set(key, key);
      if (key % 3 === 0) cache.delete(key - 1);
      expect(cache.size).toBeLessThanOrEqual(50);
    }
    expect(cache.get(4999)).toBe(4999);
  });
});

describe('weight', () => {
  const weigh = (value: unknown) => Number(value);

  test('what all entries weigh together stays within the limit', () => {
    const { cache, removed } = makeCache({ maxWeight: 10, weigh });
    cache.set('a', 4).set('b', 4).set('c', 2);
    expect(cache.size).toBe(3);
    cache.set('d', 5);
    expect([...cache.keys()]).toEqual(['d', 'c']);
    expect(removed).toEqual([
      ['a', 4, 'evicted'],
      ['b', 4, 'evicted'],
    ]);
  });

  test('the number of entries stays within its limit, too; all that goes is told', () => {
    const { cache, removed } = makeCache({ maxSize: 2, maxWeight: 10, weigh });
    const told = vi.fn<() => void>();
    cache.watch('b', told);
    cache.set('a', 1).set('b', 1).set('b', 2).set('c', 1);
    expect([...cache.keys()]).toEqual(['c', 'b']);
    expect(removed).toEqual([
      ['b', 1, 'replaced'],
      ['a', 1, 'evicted'],
    ]);
    expect(told).toHaveBeenCalledTimes(1);
  });

  test('drops expired entries for room before live ones', () => {
    const { cache, clock } = makeCache({ maxWeight: 10, weigh });
    cache.set('a', 5).set('b', 5, { ttlMs: 10 });
    clock.advance(10);
    cache.set('c', 5);
    expect([...cache.keys()]).toEqual(['c', 'a']);
  });

  test('an entry as heavy as the limit is kept, a heavier one is not and takes the old one with it', () => {
    const { cache } = makeCache({ maxWeight: 10, weigh });
    cache.set('other', 1).set('a', 9);
    cache.set('a', 10.5);
    expect([...cache.keys()]).toEqual(['other']);
    cache.set('a', 10);
    expect([...cache.keys()]).toEqual(['a']);
  });

  test('an entry that is made heavier may need the room of others, but not its own old one', () => {
    const { cache } = makeCache({ maxWeight: 10, weigh });
    cache.set('a', 5).set('b', 5).set('b', 5);
    expect([...cache.keys()]).toEqual(['b', 'a']);
    cache.set('b', 6);
    expect([...cache.keys()]).toEqual(['b']);
  });

  test('a wrong weight is an error, and the cache is as before', () => {
    const { cache } = makeCache({ maxWeight: 10, weigh });
    cache.set('a', 1);
    expect(() => cache.set('a', -1)).toThrow(
      new RangeError('Expected `weigh` to be a number from 0 up or Infinity, got -1'),
    );
    expect(() => cache.set('a', Number.NaN)).toThrow(RangeError);
    expect([...cache]).toEqual([['a', 1]]);
  });

  test('an infinite weight is heavier than any limit: it is not kept', () => {
    const { cache } = makeCache({ maxWeight: 10, weigh });
    cache.set('a', 1).set('b', 1).set('a', Infinity);
    expect([...cache]).toEqual([['b', 1]]);
  });

  test('forgets the weight of what is gone', () => {
    const { cache } = makeCache({ maxWeight: 10, weigh });
    for (let turn = 0; turn < 100; turn++) {
      cache.set('a', 9.7).set('b', 0.1);
      cache.delete('a');
      cache.set('c', 3.3).set('d', 3.3);
      expect(cache.size).toBe(3);
      cache.clear();
    }
  });
});

describe('removal', () => {
  test('delete tells whether a live entry was there', () => {
    const { cache, clock, removed } = makeCache({ defaultTtlMs: 10 });
    cache.set('a', 1).set('b', 2);
    expect(cache.delete('a')).toBe(true);
    expect(cache.delete('a')).toBe(false);
    clock.advance(10);
    expect(cache.delete('b')).toBe(false);
    expect(removed).toEqual([
      ['a', 1, 'deleted'],
      ['b', 2, 'expired'],
    ]);
  });

  test('clear drops all, the least recently used first, and keeps the statistics', () => {
    const { cache, clock, removed } = makeCache({ defaultTtlMs: 10 });
    cache.set('a', 1).set('b', 2, { ttlMs: 5 });
    cache.get('a');
    clock.advance(5);
    cache.clear();
    expect(cache.size).toBe(0);
    expect([...cache]).toEqual([]);
    expect(removed).toEqual([
      ['b', 2, 'expired'],
      ['a', 1, 'cleared'],
    ]);
    expect(cache.stats()).toMatchObject({ hits: 1, expirations: 1, evictions: 0 });
    cache.set('c', 3);
    expect(cache.get('c')).toBe(3);
  });

  test('purgeExpired drops what is expired, and says how many', () => {
    const { cache, clock } = makeCache({ defaultTtlMs: 10 });
    cache.set('a', 1).set('b', 2).set('c', 3, { ttlMs: 20 });
    expect(cache.purgeExpired()).toBe(0);
    clock.advance(10);
    expect(cache.size).toBe(1);
    expect(cache.purgeExpired()).toBe(2);
    expect(cache.purgeExpired()).toBe(0);
    expect(cache.stats()).toMatchObject({ expirations: 2, size: 1 });
  });

  test('an expired entry that is asked for is dropped, counted and told, once', () => {
    const { cache, clock, removed } = makeCache({ defaultTtlMs: 10 });
    cache.set('a', 1);
    clock.advance(10);
    expect([cache.has('a'), cache.peek('a'), removed.length]).toEqual([false, undefined, 0]);
    expect([cache.get('a'), cache.get('a')]).toEqual([undefined, undefined]);
    expect(removed).toEqual([['a', 1, 'expired']]);
    expect(cache.stats()).toMatchObject({ misses: 2, expirations: 1, size: 0 });
  });

  test('an expired entry that is overwritten is expired, not replaced', () => {
    const { cache, clock, removed } = makeCache({ defaultTtlMs: 10 });
    cache.set('a', 1);
    clock.advance(10);
    cache.set('a', 2);
    expect(removed).toEqual([['a', 1, 'expired']]);
    expect(cache.get('a')).toBe(2);
  });

  test('to set the very same value again removes nothing', () => {
    const { cache, removed } = makeCache();
    const connection = {};
    cache.set('a', connection).set('a', connection);
    expect(removed).toEqual([]);
  });

  test('onRemove may use the cache', () => {
    const cache: TTLCache<string, number> = new TTLCache<string, number>({
      maxSize: 2,
      onRemove: (key, value, reason) => {
        if (reason === 'evicted') cache.set(`was ${key}`, value);
        if (reason === 'deleted') cache.clear();
      },
    });
    cache.set('a', 1).set('b', 2).set('c', 3);
    expect(cache.size).toBe(2);
    cache.delete([...cache.keys()][0]!);
    expect(cache.size).toBe(0);
    cache.set('d', 4);
    expect([...cache]).toEqual([['d', 4]]);
  });

  test('an onRemove that throws or rejects changes nothing, and is reported', async () => {
    const cache = new TTLCache<string, number>({
      maxSize: 1,
      onRemove: (key): unknown => {
        if (key === 'a') throw new Error('thrown');
        return Promise.reject(new Error('rejected'));
      },
    });
    const warnings = await warningsDuring(() => {
      cache.set('a', 1).set('b', 2).set('c', 3);
    });
    expect([...cache]).toEqual([['c', 3]]);
    expect(warnings).toEqual([
      expect.stringContaining('`onRemove` failed: thrown'),
      expect.stringContaining('`onRemove` failed: rejected'),
    ]);
  });
});

describe('iteration', () => {
  test('gives live entries, most recently used first', () => {
    const { cache, clock } = makeCache({ defaultTtlMs: 10 });
    cache.set('a', 1).set('b', 2, { ttlMs: 5 }).set('c', 3);
    cache.get('a');
    clock.advance(5);
    expect([...cache.keys()]).toEqual(['a', 'c']);
    expect([...cache.values()]).toEqual([1, 3]);
    expect([...cache.entries()]).toEqual([...cache]);
    expect(cache.stats().hits).toBe(1);
  });

  test('is safe while the cache is changed', () => {
    const { cache } = makeCache({ maxSize: 4 });
    for (const key of ['a', 'b', 'c', 'd']) cache.set(key, 0);
    const seen: unknown[] = [];
    for (const [key] of cache) {
      seen.push(key);
      cache.get(key);
      cache.delete('b');
      cache.set(`new ${String(key)}`, 1);
    }
    expect(seen).toEqual(['d', 'c']);
    for (const _ of cache) cache.clear();
    expect(cache.size).toBe(0);
  });
});

describe('statistics', () => {
  test('a hit rate is between 0 and 1, and 0 without lookups', () => {
    const { cache } = makeCache();
    expect(cache.stats()).toEqual({
      hits: 0,
      misses: 0,
      evictions: 0,
      expirations: 0,
      size: 0,
      hitRate: 0,
    });
    cache.set('a', 1);
    cache.get('a');
    cache.get('a');
    cache.get('a');
    cache.get('b');
    expect(cache.stats()).toMatchObject({ hits: 3, misses: 1, size: 1, hitRate: 0.75 });
  });

  test('size counts live entries only, and looking at it removes nothing', () => {
    const { cache, clock, removed } = makeCache({ defaultTtlMs: 10 });
    cache.set('a', 1).set('b', 2, { ttlMs: 20 });
    clock.advance(10);
    expect(cache.size).toBe(1);
    expect(removed).toEqual([]);
    expect(cache.stats()).toMatchObject({ size: 1, expirations: 0 });
    cache.set('a', 3);
    expect(cache.size).toBe(2);
  });
});

describe('watching', () => {
  test.for([
    ['set', (cache: TTLCache) => cache.set('a', 2)],
    ['delete', (cache: TTLCache) => cache.delete('a')],
    ['delete of what is not there', (cache: TTLCache) => cache.delete('b')],
    ['clear', (cache: TTLCache) => cache.clear()],
  ] as const)('%s is told once', ([, write]) => {
    const { cache } = makeCache();
    cache.set('a', 1);
    const tell = vi.fn<() => void>();
    cache.watch('a', tell);
    cache.watch('b', tell);
    write(cache);
    const told = tell.mock.calls.length;
    expect(told).toBeGreaterThan(0);
    write(cache);
    expect(tell).toHaveBeenCalledTimes(told);
  });

  test('one who throws keeps nothing from being written, and is reported', async () => {
    const { cache } = makeCache();
    cache.watch('a', () => {
      throw new Error('broken watcher');
    });
    const warnings = await warningsDuring(() => cache.set('a', 1));
    expect(cache.get('a')).toBe(1);
    expect(warnings).toEqual([expect.stringContaining('broken watcher')]);
    expect(() => cache.watch('a', 5 as never)).toThrow('Expected `onWrite` to be a function');
  });

  test('expiry and eviction are not told, and one who stopped is told nothing', () => {
    const { cache, clock } = makeCache({ maxSize: 1, defaultTtlMs: 10 });
    const tell = vi.fn<() => void>();
    cache.set('a', 1);
    const stop = cache.watch('a', tell);
    cache.set('b', 2);
    clock.advance(10);
    cache.purgeExpired();
    expect(tell).not.toHaveBeenCalled();
    stop();
    stop();
    cache.set('a', 1);
    expect(tell).not.toHaveBeenCalled();
  });
});

describe('options', () => {
  test.for([
    [{ maxSize: 0 }, RangeError, '`maxSize` to be an integer from 1 up, got 0'],
    [{ maxSize: 1.5 }, RangeError, '`maxSize`'],
    [{ maxSize: Infinity }, RangeError, '`maxSize`'],
    [{ maxSize: '10' }, TypeError, '`maxSize`'],
    [{ maxSize: null }, TypeError, '`maxSize`'],
    [{ defaultTtlMs: 0 }, RangeError, '`defaultTtlMs` to be a number above 0'],
    [{ defaultTtlMs: -1 }, RangeError, '`defaultTtlMs`'],
    [{ defaultTtlMs: Number.NaN }, RangeError, '`defaultTtlMs`'],
    [{ maxWeight: 0, weigh: () => 1 }, RangeError, '`maxWeight`'],
    [{ maxWeight: 5 }, TypeError, '`weigh` to be a function'],
    [{ weigh: 5 }, TypeError, '`weigh`'],
    [{ onRemove: 5 }, TypeError, '`onRemove`'],
    [{ clock: {} }, TypeError, '`clock`'],
  ] as const)('%o', ([options, kind, words]) => {
    const make = () => new TTLCache(options as unknown as TTLCacheOptions);
    expect(make).toThrow(kind);
    expect(make).toThrow(words);
  });

  test.for([
    [0, RangeError],
    [-5, RangeError],
    [Number.NaN, RangeError],
    ['5', TypeError],
  ] as const)('a TTL of %o is refused, and nothing is changed', ([ttlMs, kind]) => {
    const { cache } = makeCache();
    cache.set('a', 1);
    expect(() => cache.set('a', 2, { ttlMs: ttlMs as number })).toThrow(kind);
    expect(cache.get('a')).toBe(1);
  });

  test("explicit undefined is the default, and the caller's object is left alone", () => {
    const options = Object.freeze({
      maxSize: undefined,
      defaultTtlMs: undefined,
      clock: undefined,
    });
    const cache = new TTLCache(options);
    cache.set('a', 1);
    expect(cache.get('a')).toBe(1);
  });
});
