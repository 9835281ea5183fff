import { getEventListeners } from 'node:events';
import { Keyv } from 'keyv';
import { afterEach, beforeEach, describe, expect, type Mock, test, vi } from 'vitest';
import { AsyncCache } from './async-cache.ts';
import type { KeyValueStore } from './key-value-store.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const never = () => new Promise<never>(() => {});
const down = async (): Promise<never> => {
  throw new Error('connection refused');
};

/** A store whose trouble can be switched on and off, and what it was asked. */
function troubled() {
  const map = new Map<string, string>();
  const state: { trouble: 'none' | 'hangs' | 'fails' | 'throws' } = { trouble: 'none' };
  const pass = <T>(act: () => T): T | Promise<T> => {
    if (state.trouble === 'hangs') return never();
    if (state.trouble === 'fails') return down();
    if (state.trouble === 'throws') throw new Error('connection refused');
    return Promise.resolve().then(act);
  };
  const store = {
    get: vi.fn((key: string) => pass(() => map.get(key))),
    set: vi.fn((key: string, value: string) => pass(() => void map.set(key, value))),
    delete: vi.fn((key: string) => pass(() => map.delete(key))),
  };
  return { store, state, map };
}

async function settle<T>(work: Promise<T>): Promise<T> {
  await vi.advanceTimersByTimeAsync(0);
  return work;
}

describe('the store', () => {
  test('is read before anything is loaded, by every cache that shares it', async () => {
    const store = new Keyv();
    const [one, two] = [0, 1].map(() => new AsyncCache<string, number>({ store }));
    await one!.getOrSet('a', () => 1);
    const load = vi.fn();
    expect(await two!.lookup('a', load)).toMatchObject({ value: 1, source: 'store' });
    expect(await two!.lookup('a', load)).toMatchObject({ value: 1, source: 'memory' });
    expect(load).not.toHaveBeenCalled();
    expect(two!.stats()).toMatchObject({ storeHits: 1, hits: 1, misses: 1 });
  });

  test.for([undefined, null, 0, '', 'text', { a: [1] }])(
    'gives back %j as it was',
    async (value) => {
      const store = new Map<string, string>();
      await new AsyncCache<string, unknown>({ store }).set('a', value);
      const cache = new AsyncCache<string, unknown>({ store });
      expect(await cache.has('a')).toBe(true);
      expect(await cache.get('a')).toEqual(value);
    },
  );

  test('keeps apart keys of different kinds and caches of different namespaces', async () => {
    const store = new Map<string, string>();
    const cache = new AsyncCache<unknown, string>({ store });
    for (const key of ['1', 1, { a: 1 }, ['a', 1], null]) await cache.set(key, JSON.stringify(key));
    const other = new AsyncCache<unknown, string>({ store });
    for (const key of ['1', 1, { a: 1 }, ['a', 1], null]) {
      expect(await other.get(key)).toBe(JSON.stringify(key));
    }
    const elsewhere = new AsyncCache<unknown, string>({ store, namespace: 'elsewhere' });
    expect(await elsewhere.get('1')).toBeUndefined();
  });

  test('is told how long an entry is of use, stale windows included', async () => {
    const { store } = troubled();
    const cache = new AsyncCache<string, number>({ store, defaultTtlMs: 100, staleIfErrorMs: 50 });
    await cache.set('a', 1);
    expect(store.set).toHaveBeenLastCalledWith('cache:entry:a', expect.any(String), 150);
    await cache.set('a', 1, { ttlMs: null });
    expect(store.set).toHaveBeenLastCalledWith('cache:entry:a', expect.any(String), undefined);
  });

  test('gives an entry only for what is left of its life, whether or not it drops expired ones', async () => {
    const store = new Map<string, string>();
    const options = { store, defaultTtlMs: 100 };
    await new AsyncCache<string, number>(options).set('a', 1);
    await vi.advanceTimersByTimeAsync(60);
    const late = new AsyncCache<string, number>(options);
    expect(await late.lookup('a', () => 2)).toEqual({ value: 1, source: 'store', ageMs: 60 });
    await vi.advanceTimersByTimeAsync(40);
    expect(await late.get('a')).toBeUndefined();
    expect(await new AsyncCache<string, number>(options).get('a')).toBeUndefined();
  });

  test('dates an entry by when it was made, also where it is told later', async () => {
    const { store } = troubled();
    const held = Promise.withResolvers<void>();
    store.set.mockImplementationOnce(() => held.promise.then(() => undefined));
    const clock = { ms: 0, now: () => clock.ms };
    const cache = new AsyncCache<string, number>({ store, clock });
    const sets = [cache.set('a', 1), cache.set('a', 2)];
    await vi.advanceTimersByTimeAsync(0);
    clock.ms = 60;
    held.resolve();
    await Promise.all(sets);
    const late = new AsyncCache<string, number>({ store, clock });
    expect(await late.lookup('a', () => 3)).toEqual({ value: 2, source: 'store', ageMs: 60 });
  });

  test('takes an entry from the future, where clocks differ, for a new one', async () => {
    const store = new Map<string, string>();
    const [ahead, behind] = [1000, 0].map(
      (ms) => new AsyncCache<string, number>({ store, clock: { now: () => ms } }),
    );
    await ahead!.set('a', 1);
    expect(await behind!.lookup('a', () => 2)).toEqual({ value: 1, source: 'store', ageMs: 0 });
  });

  test('lends its stale entries at once, and is not asked for them when a new one is loaded', async () => {
    const store = new Map<string, string>();
    const options = { store, defaultTtlMs: 100, staleWhileRevalidateMs: 50 };
    await new AsyncCache<string, number>(options).set('a', 1);
    await vi.advanceTimersByTimeAsync(120);
    const cache = new AsyncCache<string, number>(options);
    const loaded = Promise.withResolvers<number>();
    const load = vi.fn(() => loaded.promise);
    expect(await cache.lookup('a', load)).toEqual({ value: 1, source: 'stale', ageMs: 120 });
    await vi.advanceTimersByTimeAsync(0);
    expect(load).toHaveBeenCalledOnce();
    loaded.resolve(2);
    await vi.advanceTimersByTimeAsync(0);
    expect(await cache.get('a')).toBe(2);
    expect(await new AsyncCache<string, number>(options).get('a')).toBe(2);
  });

  test('lends its stale entries to who may have them', async () => {
    const store = new Map<string, string>();
    const options = { store, defaultTtlMs: 100, staleIfErrorMs: 100, staleWhileRevalidateMs: 50 };
    await new AsyncCache<string, number>(options).set('a', 1);
    await vi.advanceTimersByTimeAsync(120);
    const late = new AsyncCache<string, number>(options);
    expect(await late.lookup('a', down)).toEqual({ value: 1, source: 'stale', ageMs: 120 });
    await vi.advanceTimersByTimeAsync(50);
    const later = new AsyncCache<string, number>(options);
    expect(await later.lookup('a', down)).toEqual({ value: 1, source: 'stale', ageMs: 170 });
  });

  test('takes the texts of another serializer', async () => {
    const store = new Map<string, string>();
    const serialize = {
      stringify: (value: Date) => value.toISOString(),
      parse: (text: string) => new Date(text),
    };
    const options = { store, serialize };
    await new AsyncCache<string, Date>(options).set('a', new Date(7));
    expect(await new AsyncCache<string, Date>(options).get('a')).toEqual(new Date(7));
  });

  test('what has no text form is kept in memory only, and what the store had is gone', async () => {
    const store = new Map<string, string>();
    const cache = new AsyncCache<string, unknown>({ store });
    await cache.set('a', 1);
    await cache.set('a', 1n);
    expect(await cache.get('a')).toBe(1n);
    expect(await new AsyncCache<string, unknown>({ store }).get('a')).toBeUndefined();
    expect(cache.stats().storeErrors).toBe(1);
  });

  test.for(['{', 'null', '7\n1', '{"generation":"0","at":0,"ttlMs":-1}\n1', '{}\n{}'])(
    'that gives garbage is like an empty one: %s',
    async (garbage) => {
      const store = new Map([['cache:entry:a', garbage]]);
      const cache = new AsyncCache<string, number>({ store });
      expect(await cache.lookup('a', () => 1)).toMatchObject({ value: 1, source: 'load' });
      expect(cache.stats()).toMatchObject({ storeErrors: 1, storeUp: true });
      expect(await new AsyncCache<string, number>({ store }).get('a')).toBe(1);
    },
  );

  test.for([7, true, {}, new Date()])(
    'that gives no text is like an empty one: %s',
    async (garbage) => {
      const store: KeyValueStore = { get: () => garbage, set: () => {}, delete: () => {} };
      const cache = new AsyncCache<string, number>({ store });
      expect(await cache.getOrSet('a', () => 1)).toBe(1);
      expect(cache.stats().storeErrors).toBeGreaterThan(0);
    },
  );
});

test('callers with and without a signal share one flight through store and load', async () => {
  const { store } = troubled();
  const cache = new AsyncCache<string, number>({ store });
  const load = vi.fn(() => 1);
  const { signal } = new AbortController();
  const all = [undefined, { signal }, {}, { signal }].map((how) => cache.getOrSet('a', load, how));
  expect(await Promise.all(all)).toEqual([1, 1, 1, 1]);
  expect(load).toHaveBeenCalledOnce();
  expect(store.get.mock.calls.length).toBe(2);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

describe('an outage', () => {
  test.for(['hangs', 'fails', 'throws'] as const)(
    'fails no call and costs one time limit at most (it %s)',
    async (trouble) => {
      const { store, state } = troubled();
      const cache = new AsyncCache<string, number>({ store, storeTimeoutMs: 250 });
      state.trouble = trouble;
      const began = performance.now();
      const work = (async () => {
        for (const key of ['a', 'b', 'c']) {
          expect(await cache.getOrSet(key, () => 1)).toBe(1);
          await cache.set(key, 2);
          expect(await cache.get(key)).toBe(2);
          await cache.delete(key);
          expect(await cache.has(key)).toBe(false);
        }
        await cache.clear();
        return performance.now() - began;
      })();
      await vi.advanceTimersByTimeAsync(250);
      expect(await work).toBe(trouble === 'hangs' ? 250 : 0);
      expect(cache.stats().storeUp).toBe(false);
      expect(cache.stats()[trouble === 'hangs' ? 'storeTimeouts' : 'storeErrors']).toBe(1);
    },
  );

  test('costs one time limit in all, also when it begins between reading and writing', async () => {
    const { store, state, map } = troubled();
    const cache = new AsyncCache<string, number>({ store, storeTimeoutMs: 250 });
    store.get.mockImplementation(
      (key) => new Promise((resolve) => setTimeout(() => resolve(map.get(key)), 200)),
    );
    const done = vi.fn();
    void cache.getOrSet('a', () => ((state.trouble = 'hangs'), 1)).then(done);
    await vi.advanceTimersByTimeAsync(249);
    expect(done).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(done).toHaveBeenCalledWith(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(cache.stats()).toMatchObject({ storeUp: false, storeTimeouts: 1 });
  });

  test.for([
    ['a first `set`', (cache) => cache.set('a', 1)],
    ['a `set` behind another', async (cache) => (cache.set('a', 1), cache.set('a', 2))],
    ['a `delete` behind a `set`', async (cache) => (cache.set('a', 1), cache.delete('a'))],
    [
      'a `get` behind them',
      async (cache) => (cache.delete('a'), cache.delete('a'), cache.get('a')),
    ],
    [
      'a `getOrSet` behind them',
      async (cache) => (cache.delete('a'), cache.delete('a'), cache.getOrSet('a', () => 1)),
    ],
  ] as [string, (cache: AsyncCache<string, number>) => Promise<unknown>][])(
    'a store that answers just in time costs %s one time limit',
    async ([, call]) => {
      const { store } = troubled();
      for (const method of [store.get, store.set, store.delete] as Mock[]) {
        method.mockImplementation(() => new Promise((done) => setTimeout(done, 200)));
      }
      const done = vi.fn();
      void call(new AsyncCache<string, number>({ store, storeTimeoutMs: 250 })).then(done);
      await vi.advanceTimersByTimeAsync(199);
      expect(done).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(51);
      expect(done).toHaveBeenCalled();
      await vi.runAllTimersAsync();
    },
  );

  test.for([
    ['get', (cache) => cache.get('a')],
    ['getOrSet', (cache) => cache.getOrSet('a', () => 1)],
    ['set', (cache) => cache.set('a', 1)],
    ['delete', (cache) => cache.delete('a')],
    ['clear', (cache) => cache.clear()],
  ] as [string, (cache: AsyncCache<string, number>) => Promise<unknown>][])(
    'is known when the first `%s` is over',
    async ([, call]) => {
      const { store, state } = troubled();
      state.trouble = 'hangs';
      const cache = new AsyncCache<string, number>({ store, storeTimeoutMs: 250 });
      const isUp = call(cache).then(() => cache.stats().storeUp);
      await vi.advanceTimersByTimeAsync(250);
      expect(await isUp).toBe(false);
    },
  );

  test('a change that is not waited for any more is made all the same', async () => {
    const { store, map } = troubled();
    const set = store.set.getMockImplementation()!;
    store.set.mockImplementation(async (...args) => {
      await new Promise((done) => setTimeout(done, 200));
      return set(...args);
    });
    const cache = new AsyncCache<string, number>({ store, storeTimeoutMs: 250 });
    void cache.set('a', 1);
    const second = cache.set('a', 2);
    await vi.advanceTimersByTimeAsync(250);
    await second;
    await vi.advanceTimersByTimeAsync(150);
    expect(map.get('cache:entry:a')).toContain('2');
    expect(cache.stats().storeUp).toBe(true);
  });

  test('an abort while the store is being told does not cost the value', async () => {
    const { store, state } = troubled();
    const cache = new AsyncCache<string, number>({ store, storeTimeoutMs: 250 });
    const controller = new AbortController();
    const work = cache.getOrSet('a', () => ((state.trouble = 'hangs'), 1), controller);
    await vi.advanceTimersByTimeAsync(10);
    controller.abort();
    expect(await settle(work)).toBe(1);
    await vi.advanceTimersByTimeAsync(250);
  });

  test('an abort while the store is asked is heard at once, and nothing is loaded', async () => {
    const { store, state } = troubled();
    const cache = new AsyncCache<string, number>({ store, storeTimeoutMs: 250 });
    state.trouble = 'hangs';
    const controller = new AbortController();
    const load = vi.fn(() => 1);
    const work = cache.getOrSet('a', load, controller);
    await vi.advanceTimersByTimeAsync(10);
    controller.abort('enough');
    await expect(work).rejects.toBe('enough');
    await vi.advanceTimersByTimeAsync(1000);
    expect(load).not.toHaveBeenCalled();
  });

  test('ends the waiting of all who wait when it is noticed', async () => {
    const { store, state } = troubled();
    const cache = new AsyncCache<string, number>({ store, storeTimeoutMs: 250 });
    state.trouble = 'hangs';
    void cache.getOrSet('a', () => 1);
    await vi.advanceTimersByTimeAsync(200);
    const late = cache.getOrSet('b', () => 2);
    await vi.advanceTimersByTimeAsync(50);
    expect(await late).toBe(2);
  });

  test('is tried once in a while, by one caller, and ends with the first answer', async () => {
    const { store, state } = troubled();
    const cache = new AsyncCache<string, number>({ store, storeTimeoutMs: 250 });
    state.trouble = 'fails';
    await cache.getOrSet('a', () => 1);
    store.get.mockClear();
    for (const key of ['b', 'c', 'd']) await cache.get(key);
    expect(store.get).not.toHaveBeenCalled();
    state.trouble = 'hangs';
    await vi.advanceTimersByTimeAsync(1000);
    const probe = cache.get('e');
    await cache.get('f');
    expect(store.get).toHaveBeenCalledWith('cache:entry:e');
    expect(store.get).not.toHaveBeenCalledWith('cache:entry:f');
    await vi.advanceTimersByTimeAsync(250);
    await probe;
    state.trouble = 'none';
    await vi.advanceTimersByTimeAsync(2000);
    await cache.get('g');
    expect(cache.stats().storeUp).toBe(true);
    await cache.set('h', 8);
    expect(await new AsyncCache<string, number>({ store }).get('h')).toBe(8);
  });

  test('of a Keyv, which emits errors instead of throwing them, is noticed', async () => {
    const { store, state } = troubled();
    const cache = new AsyncCache<string, number>({
      store: new Keyv({ store: { ...store, has: down, clear: down } }),
    });
    state.trouble = 'fails';
    expect(await cache.get('a')).toBeUndefined();
    expect(cache.stats()).toMatchObject({ storeUp: false, storeErrors: 1 });
  });

  test('is not what a Keyv makes of an entry that it can not read', async () => {
    const { store, map } = troubled();
    map.set('cache:entry:a', '{"value":');
    const cache = new AsyncCache<string, number>({
      store: new Keyv({ store: { ...store, has: down, clear: down } }),
    });
    expect(await cache.get('a')).toBeUndefined();
    expect(cache.stats()).toMatchObject({ storeUp: true, storeErrors: 1 });
  });

  test('is what a store tells by refusing to set', async () => {
    const store = { get: () => undefined, set: () => false, delete: () => false };
    const cache = new AsyncCache<string, number>({ store });
    await cache.set('a', 1);
    expect(cache.stats()).toMatchObject({ storeUp: false, storeErrors: 1 });
  });

  test('an error that a store emits by itself breaks nothing, and is listened to once', () => {
    const store = new Keyv();
    for (let made = 0; made < 20; made++) void new AsyncCache({ store });
    expect(store.listenerCount('error')).toBe(1);
    expect(() => store.emit('error', new Error('socket closed'))).not.toThrow();
  });
});

describe('what the store could not be told', () => {
  const changes = {
    delete: (cache: AsyncCache<string, string>) => cache.delete('a'),
    set: (cache: AsyncCache<string, string>) => cache.set('a', 'new', { ttlMs: 10 }),
    clear: (cache: AsyncCache<string, string>) => cache.clear(),
    'a fresh load': (cache: AsyncCache<string, string>) =>
      cache.getOrSet('a', () => 'new', { fresh: true, ttlMs: 10 }),
  };

  const cases = Object.keys(changes).flatMap((name) => [
    [name, 'never cleared'] as const,
    [name, 'cleared before'] as const,
  ]);

  test.for(cases)('%s: its old entry does not come back (%s)', async ([name, past]) => {
    const { store, state } = troubled();
    const cache = new AsyncCache<string, string>({ store });
    if (past === 'cleared before') await cache.clear();
    await cache.set('a', 'old');
    await cache.set('b', 'untouched');
    state.trouble = 'fails';
    await changes[name as keyof typeof changes](cache);
    state.trouble = 'none';
    await vi.advanceTimersByTimeAsync(10_000);
    // The first read finds the store well again, and is not answered by what is out of date.
    expect(await cache.get('a')).toBeUndefined();
    await cache.get('other');
    await vi.advanceTimersByTimeAsync(0);
    expect(await new AsyncCache<string, string>({ store }).get('a')).toBeUndefined();
  });

  test('is believed again once it has been told', async () => {
    const { store, state } = troubled();
    const cache = new AsyncCache<string, number>({ store, maxSize: 1 });
    state.trouble = 'fails';
    await cache.delete('a');
    state.trouble = 'none';
    await vi.advanceTimersByTimeAsync(10_000);
    await settle(cache.get('other'));
    await cache.set('a', 1);
    await cache.set('b', 2);
    expect(await cache.lookup('a', () => 3)).toMatchObject({ value: 1, source: 'store' });
  });

  test('becomes one clear when it is too much to remember', async () => {
    const { store, state } = troubled();
    const cache = new AsyncCache<number, string>({ store });
    await cache.set(-1, 'untouched');
    state.trouble = 'fails';
    for (let key = 0; key <= 10_000; key++) await cache.delete(key);
    state.trouble = 'none';
    store.delete.mockClear();
    await vi.advanceTimersByTimeAsync(10_000);
    await settle(cache.get(-2));
    expect(store.delete).not.toHaveBeenCalled();
    expect(await new AsyncCache<number, string>({ store }).get(-1)).toBeUndefined();
  });

  test('only its own entry is lost', async () => {
    const { store, state } = troubled();
    const cache = new AsyncCache<string, string>({ store });
    await cache.set('a', 'old');
    await cache.set('b', 'untouched');
    state.trouble = 'fails';
    await cache.delete('a');
    state.trouble = 'none';
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await new AsyncCache<string, string>({ store }).get('b')).toBe('untouched');
  });
});

describe('order', () => {
  test('a delete is not overtaken by a slower set before it', async () => {
    const map = new Map<string, string>();
    const slow: KeyValueStore = {
      get: async (key) => map.get(key),
      set: async (key, value) => {
        for (let turn = 0; turn < 20; turn++) await Promise.resolve();
        map.set(key, value);
      },
      delete: async (key) => map.delete(key),
    };
    const cache = new AsyncCache<string, number>({ store: slow });
    const setting = cache.set('a', 1);
    const deleting = cache.delete('a');
    const reading = cache.get('a');
    await Promise.all([setting, deleting]);
    expect(await reading).toBeUndefined();
    expect(await new AsyncCache<string, number>({ store: slow }).get('a')).toBeUndefined();
  });

  test('a read does not find what is just being deleted', async () => {
    const { store } = troubled();
    const cache = new AsyncCache<string, number>({ store });
    await new AsyncCache<string, number>({ store }).set('a', 1);
    const held = Promise.withResolvers<void>();
    const erase = store.delete.getMockImplementation()!;
    store.delete.mockImplementationOnce((key) => held.promise.then(() => erase(key)));
    const deleting = cache.delete('a');
    const reading = cache.get('a');
    await vi.advanceTimersByTimeAsync(10);
    held.resolve();
    expect(await reading).toBeUndefined();
    expect(await deleting).toBe(true);
  });

  test('a set that still waits for its turn is undone by a clear', async () => {
    const { store } = troubled();
    const cache = new AsyncCache<string, number>({ store });
    await cache.get('a');
    const held = Promise.withResolvers<void>();
    const write = store.set.getMockImplementation()!;
    store.set.mockImplementationOnce((key, value) => held.promise.then(() => write(key, value)));
    const sets = [cache.set('a', 1), cache.set('a', 2)];
    const clearing = cache.clear();
    held.resolve();
    await Promise.all([...sets, clearing]);
    expect(await new AsyncCache<string, number>({ store }).get('a')).toBeUndefined();
  });

  test('a read that began before a clear does not bring the old generation back', async () => {
    const { store, map } = troubled();
    const cache = new AsyncCache<string, number>({ store });
    await cache.clear();
    await new AsyncCache<string, number>({ store }).set('a', 1);
    const held = Promise.withResolvers<void>();
    const holdBack = async (key: string) => {
      const value = map.get(key);
      await held.promise;
      return value;
    };
    store.get.mockImplementationOnce(holdBack).mockImplementationOnce(holdBack);
    const reading = cache.get('a');
    await vi.advanceTimersByTimeAsync(0);
    await cache.clear();
    held.resolve();
    expect(await settle(reading)).toBeUndefined();
    await cache.set('b', 2);
    expect(await new AsyncCache<string, number>({ store }).get('b')).toBe(2);
  });

  test('a read that began before a delete does not bring the old value back', async () => {
    const { store, map } = troubled();
    const cache = new AsyncCache<string, number>({ store });
    await new AsyncCache<string, number>({ store }).set('a', 1);
    const held = Promise.withResolvers<void>();
    store.get.mockImplementationOnce(async (key) => {
      const value = map.get(key);
      await held.promise;
      return value;
    });
    const reading = cache.get('a');
    await vi.advanceTimersByTimeAsync(0);
    await cache.delete('a');
    held.resolve();
    await settle(reading);
    expect(await cache.get('a')).toBeUndefined();
  });
});

describe('what the store does late, when nobody waits for it any more', () => {
  /** A store whose first `set` of such a key is held until it is let go. */
  function late(suffix: string) {
    const { store, map } = troubled();
    const held = Promise.withResolvers<void>();
    let isFirst = true;
    store.set.mockImplementation(async (key, value) => {
      const isHeld = isFirst && key.endsWith(suffix);
      if (isHeld) isFirst = false;
      if (isHeld) await held.promise;
      map.set(key, value);
    });
    const cache = new AsyncCache<string, string>({ store });
    return {
      cache,
      /** What another process would find. */
      found: () => settle(new AsyncCache<string, string>({ store }).get('a')),
      async giveUp(work: Promise<unknown>) {
        await vi.advanceTimersByTimeAsync(250);
        await work;
      },
      async recover() {
        await vi.advanceTimersByTimeAsync(1000);
        await cache.get('other');
        expect(cache.stats().storeUp).toBe(true);
      },
      async land() {
        held.resolve();
        await vi.advanceTimersByTimeAsync(0);
      },
    };
  }

  const writes = {
    set: (cache: AsyncCache<string, string>) => cache.set('a', 'old'),
    load: (cache: AsyncCache<string, string>) => cache.getOrSet('a', () => 'old'),
  };
  const changes = {
    delete: (cache: AsyncCache<string, string>) => cache.delete('a'),
    set: (cache: AsyncCache<string, string>) => cache.set('a', 'new'),
    clear: (cache: AsyncCache<string, string>) => cache.clear(),
  };
  const cases = Object.keys(writes).flatMap((write) =>
    Object.keys(changes).map((change) => [write, change] as const),
  );

  test.for(cases)('a %s is not found after a later %s', async ([write, change]) => {
    const { cache, found, giveUp, recover, land } = late('entry:a');
    await giveUp(writes[write as keyof typeof writes](cache));
    await recover();
    await changes[change as keyof typeof changes](cache);
    await land();
    expect(await found()).not.toBe('old');
    expect(await settle(cache.get('a'))).toBe(change === 'set' ? 'new' : undefined);
  });

  test('the generation of a clear does not undo that of a later one', async () => {
    const { cache, found, giveUp, recover, land } = late('generation');
    await giveUp(cache.clear());
    await recover();
    await cache.set('a', 'between');
    expect(await found()).toBe('between');
    await cache.clear();
    await land();
    expect(await found()).toBeUndefined();
  });

  test('a failure is nobody’s', async () => {
    const held = Promise.withResolvers<never>();
    const store = { get: () => held.promise, set: () => held.promise, delete: () => held.promise };
    const cache = new AsyncCache<string, number>({ store });
    const work = cache.getOrSet('a', () => 1);
    await vi.advanceTimersByTimeAsync(250);
    expect(await work).toBe(1);
    held.reject(new Error('late'));
    await vi.advanceTimersByTimeAsync(0);
    expect(cache.stats()).toMatchObject({ storeErrors: 0, storeTimeouts: 1 });
  });
});

describe('clear', () => {
  test('makes old entries unfindable for every cache of the namespace, and for no other', async () => {
    const store = new Map<string, string>();
    const [one, two] = [0, 1].map(() => new AsyncCache<string, number>({ store }));
    const other = new AsyncCache<string, number>({ store, namespace: 'other' });
    await one!.set('a', 1);
    await other.set('a', 1);
    await two!.clear();
    expect(await two!.get('a')).toBeUndefined();
    expect(await new AsyncCache<string, number>({ store }).get('a')).toBeUndefined();
    expect(await new AsyncCache<string, number>({ store, namespace: 'other' }).get('a')).toBe(1);
    await two!.set('a', 2);
    expect(await new AsyncCache<string, number>({ store }).get('a')).toBe(2);
  });

  test('holds although the store forgets which generation it is in', async () => {
    const store = new Map<string, string>();
    const cache = new AsyncCache<string, number>({ store });
    await cache.set('a', 1);
    await cache.clear();
    store.delete('cache:generation');
    expect(await cache.get('a')).toBeUndefined();
    await vi.advanceTimersByTimeAsync(0);
    expect(await new AsyncCache<string, number>({ store }).get('a')).toBeUndefined();
  });
});
