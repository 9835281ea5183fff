import { getEventListeners } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import { AsyncCache } from './async-cache.ts';

const controlled = <T>() => Promise.withResolvers<T>();
const fails = (error: unknown) => async (): Promise<never> => {
  throw error;
};
const never = () => new Promise<never>(() => {});

function fakeClock() {
  const clock = { ms: 1_000_000, now: () => clock.ms };
  return clock;
}

describe('getOrSet', () => {
  test('loads once and then gives what was loaded', async () => {
    const cache = new AsyncCache<string, number>();
    const load = vi.fn(async () => 1);
    expect(await cache.getOrSet('a', load)).toBe(1);
    expect(await cache.getOrSet('a', load)).toBe(1);
    expect(load).toHaveBeenCalledOnce();
  });

  test.for([undefined, null, 0, '', Number.NaN])('keeps %s like any other value', async (value) => {
    const cache = new AsyncCache<string, unknown>();
    const load = vi.fn(async () => value);
    await cache.getOrSet('a', load);
    expect(await cache.getOrSet('a', load)).toBe(value);
    expect(await cache.has('a')).toBe(true);
    expect(load).toHaveBeenCalledOnce();
  });

  test('loads anew from ttlMs on, not before', async () => {
    const clock = fakeClock();
    const cache = new AsyncCache<string, number>({ defaultTtlMs: 100, clock });
    const load = vi.fn(async () => load.mock.calls.length);
    await cache.getOrSet('a', load);
    clock.ms += 99;
    expect(await cache.getOrSet('a', load)).toBe(1);
    clock.ms += 1;
    expect(await cache.getOrSet('a', load)).toBe(2);
  });

  test('takes a lifetime of its own for a key', async () => {
    const clock = fakeClock();
    const cache = new AsyncCache<string, number>({ clock });
    await cache.getOrSet('a', () => 1, { ttlMs: 10 });
    await cache.getOrSet('b', () => 1, { ttlMs: null });
    clock.ms += 10;
    expect(await cache.has('a')).toBe(false);
    clock.ms += 1e12;
    expect(await cache.has('b')).toBe(true);
  });

  test('compares objects by their content', async () => {
    const cache = new AsyncCache<object | string, number>();
    await cache.getOrSet({ user: 1, page: 2 }, () => 1);
    expect(await cache.get({ page: 2, user: 1 })).toBe(1);
    expect(await cache.get('~{"page":2,"user":1}')).toBeUndefined();
    expect(await cache.delete({ user: 1, page: 2 })).toBe(true);
    expect(await cache.has({ user: 1, page: 2 })).toBe(false);
  });

  test('fresh loads anew, joins no running load, and wins over it', async () => {
    const cache = new AsyncCache<string, string>();
    const slow = controlled<string>();
    const first = cache.getOrSet('a', () => slow.promise);
    expect(await cache.getOrSet('a', () => 'new', { fresh: true })).toBe('new');
    slow.resolve('old');
    expect(await first).toBe('old');
    expect(await cache.get('a')).toBe('new');
  });

  test('refuses what makes no sense before it loads', async () => {
    const cache = new AsyncCache<string, number>();
    const load = vi.fn(() => 1);
    await expect(cache.getOrSet('a', load, { ttlMs: 0 })).rejects.toThrow(RangeError);
    await expect(cache.getOrSet('a', 1 as never)).rejects.toThrow(TypeError);
    await expect(cache.set('a', 1, { ttlMs: -1 })).rejects.toThrow(RangeError);
    expect(load).not.toHaveBeenCalled();
  });
});

describe('concurrent loads of a key', () => {
  test('are one', async () => {
    const cache = new AsyncCache<string, number>();
    const load = vi.fn(async () => 1);
    const all = Array.from({ length: 5 }, () => cache.lookup('a', load));
    expect((await Promise.all(all)).map(({ source }) => source)).toEqual([
      'load',
      ...Array<string>(4).fill('coalesced'),
    ]);
    expect(load).toHaveBeenCalledOnce();
  });

  test('are one also when they fail, unlike bentocache, and the failure is not kept', async () => {
    const cache = new AsyncCache<string, number>();
    const error = new Error('boom');
    const load = vi.fn(fails(error));
    const all = Array.from({ length: 5 }, () => cache.getOrSet('a', load));
    for (const result of await Promise.allSettled(all)) {
      expect(result).toEqual({ status: 'rejected', reason: error });
    }
    expect(load).toHaveBeenCalledOnce();
    expect(await cache.getOrSet('a', () => 2)).toBe(2);
  });

  test('one caller’s abort leaves the others alone, the last one’s aborts the load', async () => {
    const cache = new AsyncCache<string, number>();
    const [one, two] = [new AbortController(), new AbortController()];
    let seen: AbortSignal | undefined;
    const load = ({ signal }: { signal: AbortSignal }) => ((seen = signal), never());
    const first = cache.getOrSet('a', load, { signal: one.signal });
    const second = cache.getOrSet('a', load, { signal: two.signal });
    one.abort('first');
    await expect(first).rejects.toBe('first');
    expect(seen?.aborted).toBe(false);
    two.abort('second');
    await expect(second).rejects.toBe('second');
    expect(seen?.aborted).toBe(true);
    expect(getEventListeners(one.signal, 'abort')).toEqual([]);
    expect(getEventListeners(two.signal, 'abort')).toEqual([]);
  });

  test('nothing is loaded on an aborted signal', async () => {
    const load = vi.fn();
    const cache = new AsyncCache<string, number>();
    await expect(cache.getOrSet('a', load, { signal: AbortSignal.abort('no') })).rejects.toBe('no');
    expect(load).not.toHaveBeenCalled();
  });
});

describe('a load that began earlier loses against', () => {
  const changes = {
    delete: (cache: AsyncCache<string, string>) => cache.delete('a'),
    clear: (cache: AsyncCache<string, string>) => cache.clear(),
    set: (cache: AsyncCache<string, string>) => cache.set('a', 'set'),
  };

  test.for(Object.entries(changes))('%s', async ([name, change]) => {
    const cache = new AsyncCache<string, string>({ store: new Map() });
    const slow = controlled<string>();
    const early = cache.getOrSet('a', () => slow.promise);
    await new Promise((resolve) => setImmediate(resolve));
    await change(cache);
    slow.resolve('old');
    expect(await early).toBe('old');
    expect(await cache.get('a')).toBe(name === 'set' ? 'set' : undefined);
  });

  test.for(Object.keys(changes))('%s: a later caller does not join it', async (name) => {
    const cache = new AsyncCache<string, string>();
    const early = cache.getOrSet('a', never);
    early.catch(() => {});
    await changes[name as keyof typeof changes](cache);
    expect(await cache.getOrSet('a', () => 'new')).toBe(name === 'set' ? 'set' : 'new');
  });
});

describe('stale values', () => {
  test('are given at once while a new one is loaded in the background', async () => {
    const clock = fakeClock();
    const cache = new AsyncCache<string, number>({
      defaultTtlMs: 100,
      staleWhileRevalidateMs: 50,
      clock,
    });
    await cache.set('a', 1);
    clock.ms += 149;
    const load = vi.fn(async () => 2);
    expect(await cache.lookup('a', load)).toEqual({ value: 1, source: 'stale', ageMs: 149 });
    await vi.waitFor(async () => expect(await cache.get('a')).toBe(2));
    expect(load).toHaveBeenCalledOnce();
  });

  test('are waited out from the end of their window on', async () => {
    const clock = fakeClock();
    const cache = new AsyncCache<string, number>({
      defaultTtlMs: 100,
      staleWhileRevalidateMs: 50,
      clock,
    });
    await cache.set('a', 1);
    clock.ms += 150;
    expect(await cache.lookup('a', () => 2)).toEqual({ value: 2, source: 'load', ageMs: 0 });
  });

  test('stay when revalidating fails, which nobody hears of', async () => {
    const clock = fakeClock();
    const cache = new AsyncCache<string, number>({
      defaultTtlMs: 100,
      staleWhileRevalidateMs: 50,
      clock,
    });
    await cache.set('a', 1);
    clock.ms += 100;
    expect(await cache.getOrSet('a', fails(new Error('down')))).toBe(1);
    expect(await cache.getOrSet('a', fails(new Error('down')))).toBe(1);
  });

  test('are given if loading fails, up to the end of their window', async () => {
    const clock = fakeClock();
    const cache = new AsyncCache<string, number>({ defaultTtlMs: 100, staleIfErrorMs: 50, clock });
    await cache.set('a', 1);
    clock.ms += 149;
    const down = fails(new Error('down'));
    expect(await cache.lookup('a', down)).toEqual({ value: 1, source: 'stale', ageMs: 149 });
    clock.ms += 1;
    await expect(cache.getOrSet('a', down)).rejects.toThrow('down');
  });

  test('are never given by get and has, nor to one who wants it fresh', async () => {
    const clock = fakeClock();
    const cache = new AsyncCache<string, number>({
      defaultTtlMs: 100,
      staleIfErrorMs: 1000,
      store: new Map(),
      clock,
    });
    await cache.set('a', 1);
    clock.ms += 100;
    expect(await cache.get('a')).toBeUndefined();
    expect(await cache.has('a')).toBe(false);
    const down = fails(new Error('down'));
    await expect(cache.getOrSet('a', down, { fresh: true })).rejects.toThrow('down');
  });

  test('are renewed also when the caller they were given to aborts afterwards', async () => {
    const clock = fakeClock();
    const cache = new AsyncCache<string, number>({
      defaultTtlMs: 100,
      staleWhileRevalidateMs: 50,
      clock,
    });
    await cache.set('a', 1);
    clock.ms += 100;
    const slow = controlled<number>();
    const controller = new AbortController();
    expect(await cache.getOrSet('a', () => slow.promise, controller)).toBe(1);
    controller.abort();
    slow.resolve(2);
    await vi.waitFor(async () => expect(await cache.get('a')).toBe(2));
  });

  test('are nothing to delete, and gone after it', async () => {
    const clock = fakeClock();
    const cache = new AsyncCache<string, number>({ defaultTtlMs: 100, staleIfErrorMs: 50, clock });
    await cache.set('a', 1);
    clock.ms += 100;
    expect(await cache.delete('a')).toBe(false);
    await expect(cache.getOrSet('a', fails(new Error('down')))).rejects.toThrow('down');
  });

  test('are given also to one who joined a load that another wanted fresh', async () => {
    const clock = fakeClock();
    const cache = new AsyncCache<string, number>({ defaultTtlMs: 100, staleIfErrorMs: 50, clock });
    await cache.set('a', 1);
    clock.ms += 100;
    const slow = controlled<number>();
    const fresh = cache.getOrSet('a', () => slow.promise, { fresh: true });
    const joined = cache.lookup('a', fails(new Error('not called')));
    const error = new Error('down');
    slow.reject(error);
    await expect(fresh).rejects.toBe(error);
    expect(await joined).toEqual({ value: 1, source: 'stale', ageMs: 100 });
  });

  test('are not what an abort is answered with', async () => {
    const clock = fakeClock();
    const cache = new AsyncCache<string, number>({ defaultTtlMs: 100, staleIfErrorMs: 50, clock });
    await cache.set('a', 1);
    clock.ms += 100;
    const controller = new AbortController();
    const load = ({ signal }: { signal: AbortSignal }) =>
      new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
    const work = cache.getOrSet('a', load, { signal: controller.signal });
    await vi.waitFor(() => expect(cache.stats().loads).toBe(1));
    controller.abort('enough');
    await expect(work).rejects.toBe('enough');
    await new Promise((resolve) => setImmediate(resolve));
    expect(cache.stats().loadErrors).toBe(0);
  });
});

describe('the memory', () => {
  test('is bounded by number and weight, and tells what leaves under the key it was given', async () => {
    const onRemove = vi.fn();
    const cache = new AsyncCache<object, string>({
      maxSize: 2,
      maxWeight: 5,
      weigh: (value) => value.length,
      onRemove,
    });
    const key = { id: 1 };
    await cache.set(key, 'aaa');
    await cache.set({ id: 2 }, 'bbb');
    expect(onRemove).toHaveBeenCalledExactlyOnceWith(key, 'aaa', 'evicted');
    expect(cache.stats()).toMatchObject({ size: 1, evictions: 1 });
  });

  test('an onRemove that throws or rejects changes nothing, and is logged like all of this package', async () => {
    const warn = vi.spyOn(process, 'emitWarning');
    const onRemove = (key: string): void => {
      if (key === 'a') throw new Error('hook');
      return Promise.reject(new Error('hook')) as never;
    };
    const cache = new AsyncCache<string, number>({ maxSize: 1, onRemove });
    for (const key of ['a', 'b', 'c']) await cache.set(key, 1);
    expect(await cache.get('c')).toBe(1);
    expect(warn).not.toHaveBeenCalled();
  });

  test('a key that has no text for the store is refused before anything is kept', async () => {
    const cache = new AsyncCache<unknown, number>({ store: new Map() });
    await expect(cache.set(() => 1, 1)).rejects.toThrow(TypeError);
    expect(cache.stats().size).toBe(0);
  });

  test('a weigher that throws costs the entry, not the value', async () => {
    const weigh = (value: number) => {
      if (value === 2) throw new Error('weigh');
      return 1;
    };
    const cache = new AsyncCache<string, number>({ maxWeight: 5, weigh });
    await cache.set('a', 1);
    expect(await cache.getOrSet('a', () => 2, { fresh: true })).toBe(2);
    expect(await cache.has('a')).toBe(false);
  });

  test('counts what it does', async () => {
    const cache = new AsyncCache<string, number>();
    await cache.getOrSet('a', () => 1);
    await cache.getOrSet('a', () => 1);
    await cache.get('b');
    await cache.getOrSet('c', fails(new Error('boom'))).catch(() => {});
    expect(cache.stats()).toMatchObject({
      size: 1,
      hits: 1,
      misses: 3,
      hitRate: 0.25,
      loads: 2,
      loadErrors: 1,
    });
  });
});

test('refuses options that make no sense', () => {
  expect(() => new AsyncCache({ maxSize: 0 })).toThrow(
    'Expected `maxSize` to be an integer from 1 up',
  );
  expect(() => new AsyncCache({ store: {} as never })).toThrow(TypeError);
  expect(() => new AsyncCache({ storeTimeoutMs: 0 })).toThrow(RangeError);
  expect(() => new AsyncCache({ staleIfErrorMs: -1 })).toThrow(RangeError);
  expect(() => new AsyncCache({ serialize: JSON.stringify as never })).toThrow(TypeError);
  // Its entries could be those of namespace `a` with keys that begin with `b:entry:`.
  for (const namespace of ['a:entry:b', 'a:entry']) {
    expect(() => new AsyncCache({ namespace })).toThrow(RangeError);
  }
});

test('goes by the fake time when nothing but performance is faked', async () => {
  await new AsyncCache<string, number>().set('real', 1); // the clock has been read in this turn
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const cache = new AsyncCache<string, number>({ defaultTtlMs: 10 });
    await cache.set('a', 1);
    vi.advanceTimersByTime(10);
    expect(await cache.get('a')).toBeUndefined();
  } finally {
    vi.useRealTimers();
  }
});
