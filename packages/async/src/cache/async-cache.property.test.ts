import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AsyncCache } from './async-cache.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** A store that fails, or hangs and does late what it was asked for. */
function moodyStore() {
  const map = new Map<string, string>();
  const held: (() => void)[] = [];
  const state = { mood: 'well' as 'well' | 'fails' | 'hangs' };
  const obey = async <T>(act: () => T): Promise<T> => {
    if (state.mood === 'fails') throw new Error('connection refused');
    if (state.mood === 'hangs') await new Promise<void>((resolve) => void held.push(resolve));
    return act();
  };
  const store = {
    get: (key: string) => obey(() => map.get(key)),
    set: (key: string, value: string) => obey(() => void map.set(key, value)),
    delete: (key: string) => obey(() => map.delete(key)),
  };
  return { store, state, held };
}

const step = fc.record({
  act: fc.constantFrom(
    ...(['set', 'set', 'load', 'fresh', 'delete', 'clear', 'get'] as const),
    ...(['wait', 'wait', 'land', 'land'] as const),
  ),
  key: fc.constantFrom('a' as const, 'b' as const),
  mood: fc.constantFrom('well', 'well', 'well', 'fails', 'hangs'),
});

test('what was deleted or replaced never comes back, whatever the store does and when', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 50, size: 'max' }), async (steps) => {
      const { store, state, held } = moodyStore();
      // Room for one: nearly all is read from the store.
      const cache = new AsyncCache<string, number>({ store, storeTimeoutMs: 100, maxSize: 1 });
      let made = 0;
      /** What may be found: a load doesn't make wrong what was there before, all else does. */
      const valid = { a: new Set<number>(), b: new Set<number>() };
      const load = (key: 'a' | 'b') => () => (valid[key].add(++made), made);
      const acts = {
        set: (key: 'a' | 'b') => {
          valid[key] = new Set([++made]);
          return cache.set(key, made);
        },
        load: (key: 'a' | 'b') => cache.getOrSet(key, load(key)),
        fresh: (key: 'a' | 'b') => {
          valid[key].clear();
          return cache.getOrSet(key, load(key), { fresh: true });
        },
        delete: (key: 'a' | 'b') => {
          valid[key].clear();
          return cache.delete(key);
        },
        clear: () => {
          valid.a.clear();
          valid.b.clear();
          return cache.clear();
        },
        get: (key: 'a' | 'b') => cache.get(key),
        wait: () => vi.advanceTimersByTimeAsync(5000),
        land: async () => held.shift()?.(),
      };
      for (const { act, key, mood } of steps) {
        state.mood = mood;
        const done = acts[act](key);
        await vi.advanceTimersByTimeAsync(100);
        await done;
        const seeing = cache.get(key);
        await vi.advanceTimersByTimeAsync(100);
        const seen = await seeing;
        expect(seen === undefined || valid[key].has(seen)).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});
