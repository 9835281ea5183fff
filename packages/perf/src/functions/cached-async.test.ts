import { describe, expect, test, vi } from 'vitest';
import { manualClock } from '../../test/manual-clock.ts';
import { TTLCache } from '../cache/ttl-cache.ts';
import { cachedAsync, type CachedAsyncOptions } from './cached-async.ts';

/** A function whose results tell how often it ran, and which is in the test's hands. */
function makeCached(options?: CachedAsyncOptions) {
  const gates: PromiseWithResolvers<unknown>[] = [];
  const load = vi.fn<(...args: unknown[]) => Promise<unknown>>(() => {
    const gate = Promise.withResolvers<unknown>();
    gates.push(gate);
    return gate.promise;
  });
  return { gates, load, cached: cachedAsync(options)(load) };
}

describe('results', () => {
  test('are kept for their time', async () => {
    const clock = manualClock();
    let runs = 0;
    const cached = cachedAsync({ ttlMs: 10, clock })(async (name: string) => `${name} ${++runs}`);
    expect([await cached('a'), await cached('a'), await cached('b')]).toEqual([
      'a 1',
      'a 1',
      'b 2',
    ]);
    clock.advance(10);
    expect(await cached('a')).toBe('a 3');
  });

  test('are a hundred, for five minutes, by default', async () => {
    const clock = manualClock();
    const cached = cachedAsync({ clock })(async (n: number) => n);
    for (let n = 0; n < 101; n++) await cached(n);
    expect(cached.cache.size).toBe(100);
    clock.advance(300_000);
    expect(cached.cache.size).toBe(0);
  });

  test.for([undefined, null, 0, '', Number.NaN])('%s is a result like any other', async (value) => {
    const load = vi.fn<() => Promise<unknown>>(async () => value);
    const cached = cachedAsync()(load);
    expect([await cached(), await cached()]).toEqual([value, value]);
    expect(load).toHaveBeenCalledTimes(1);
  });

  test('concurrent equal calls share one run', async () => {
    const { cached, load, gates } = makeCached();
    const all = [cached({ a: 1, b: 2 }), cached({ b: 2, a: 1 })];
    expect(load).toHaveBeenCalledTimes(1);
    gates[0]!.resolve('shared');
    expect(await Promise.all(all)).toEqual(['shared', 'shared']);
  });

  test('a rejection is shared, not kept', async () => {
    const { cached, load, gates } = makeCached();
    const all = [cached(), cached()];
    gates[0]!.reject(new Error('down'));
    for (const one of all) await expect(one).rejects.toThrow('down');
    const next = cached();
    expect(load).toHaveBeenCalledTimes(2);
    gates[1]!.resolve('up');
    expect(await next).toBe('up');
  });

  test('a function that throws at once rejects', async () => {
    const cached = cachedAsync()((): Promise<number> => {
      throw new Error('at once');
    });
    await expect(cached()).rejects.toThrow('at once');
  });
});

describe('keys', () => {
  test('are made of all arguments, and types are told apart', async () => {
    const cached = cachedAsync()(async (...args: unknown[]) => args);
    const calls = [[1, 2], [1, 5], ['1', 2], [1], [], [undefined], ['ab'], ['bA'], [[1, 2]]];
    for (const args of calls) expect(await cached(...args)).toEqual(args);
    expect(cached.cache.size).toBe(calls.length);
  });

  test('can be chosen, and are compared by content', async () => {
    const load = vi.fn<(user: { id: number; at: number }) => Promise<number>>(async ({ at }) => at);
    const cached = cachedAsync({ key: (user: { id: number }) => ({ id: user.id }) })(load);
    expect([await cached({ id: 1, at: 1 }), await cached({ id: 1, at: 2 })]).toEqual([1, 1]);
    expect(await cached({ id: 2, at: 3 })).toBe(3);
  });

  test('that can not be made end no process, nor does a failure, when the answer is dropped', async () => {
    const unhandled = vi.fn<() => void>();
    process.on('unhandledRejection', unhandled);
    void cachedAsync()(async (fn: () => void) => fn)(() => {});
    const failing = cachedAsync()(async () => Promise.reject(new Error('down')));
    void failing();
    void failing();
    for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  test('that can not be made are a rejection', async () => {
    const cached = cachedAsync()(async (fn: () => void) => fn);
    await expect(cached(() => {})).rejects.toThrow(TypeError);
    const broken = () => {
      throw new Error('broken key');
    };
    await expect(cachedAsync({ key: broken })(async () => 1)()).rejects.toThrow('broken key');
  });
});

describe('what happens during a run wins over it', () => {
  test.for([
    ['invalidate', (cached: ReturnType<typeof makeCached>['cached']) => cached.invalidate('a')],
    ['delete', (cached: ReturnType<typeof makeCached>['cached']) => cached.cache.delete('a')],
    ['clear', (cached: ReturnType<typeof makeCached>['cached']) => cached.cache.clear()],
  ] as const)('%s: a deleted value does not come back', async ([, write]) => {
    const { cached, gates } = makeCached();
    const older = cached('a');
    write(cached);
    const newer = cached('a');
    expect(gates.length).toBe(2);
    gates[1]!.resolve('new');
    expect(await newer).toBe('new');
    gates[0]!.resolve('old');
    expect(await older).toBe('old');
    expect(await cached('a')).toBe('new');
  });

  test('set: a newer value is not written over', async () => {
    const { cached, gates } = makeCached();
    const older = cached('a');
    cached.cache.set('a', 'set');
    expect(await cached('a')).toBe('set');
    gates[0]!.resolve('old');
    expect(await older).toBe('old');
    expect(await cached('a')).toBe('set');
  });

  test('invalidate tells whether there was a result', async () => {
    const cached = cachedAsync()(async (n: number) => n);
    await cached(1);
    expect([cached.invalidate(1), cached.invalidate(1), cached.invalidate(2)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('its own cache', () => {
  test('holds the results themselves, whoever put them there', async () => {
    const cached = cachedAsync()(async (name: string) => `result ${name}`);
    const { cache } = cached;
    await cached('a');
    cache.set('b', 'put');
    expect([cache.get('a'), cache.peek('a'), cache.peek('c'), cache.get('c')]).toEqual([
      'result a',
      'result a',
      undefined,
      undefined,
    ]);
    expect(await cached('b')).toBe('put');
    expect([...cache]).toEqual([
      ['b', 'put'],
      ['a', 'result a'],
    ]);
    expect([[...cache.keys()], [...cache.values()]]).toEqual([
      ['b', 'a'],
      ['put', 'result a'],
    ]);
    cache.set('b', undefined, { ttlMs: null });
    expect([await cached('b'), cache.has('b'), cache.remainingTtlMs('b')]).toEqual([
      undefined,
      true,
      Infinity,
    ]);
  });

  test('can be given to another function, with which it shares no entries', async () => {
    const one = cachedAsync()(async (n: number) => `one ${n}`);
    const two = cachedAsync({ cache: one.cache })(async (n: number) => `two ${n}`);
    const all = async () => [await one(1), await two(1)];
    expect([await all(), await all()]).toEqual([
      ['one 1', 'two 1'],
      ['one 1', 'two 1'],
    ]);
    expect([...one.cache.values()]).toEqual(['two 1', 'one 1']);
  });

  test('gives hits one promise, until there is another result', async () => {
    const cached = cachedAsync()(async () => ({}));
    await cached();
    const hit = cached();
    expect(cached()).toBe(hit);
    cached.invalidate();
    expect(await cached()).not.toBe(await hit);
  });
});

describe('a cache that is given', () => {
  test('is shared by functions that share no entries, and says how long', async () => {
    const clock = manualClock();
    const cache = new TTLCache<string>({ defaultTtlMs: 10, clock });
    const one = cachedAsync({ cache })(async (n: number) => `one ${n}`);
    const two = cachedAsync({ cache, ttlMs: 20 })(async (n: number) => `two ${n}`);
    expect([await one(1), await two(1)]).toEqual(['one 1', 'two 1']);
    expect([one.cache, cache.size]).toEqual([cache, 2]);
    clock.advance(10);
    expect(cache.size).toBe(1);
    clock.advance(10);
    expect(cache.size).toBe(0);
  });

  test('keeps instances apart', async () => {
    const cache = new TTLCache<string>();
    class Counter {
      count = 0;
      async load() {
        return ++this.count;
      }
    }
    const read = cachedAsync({ cache })(Counter.prototype.load);
    const [a, b] = [new Counter(), new Counter()];
    b.count = 10;
    expect([await read.call(a), await read.call(b), await read.call(a)]).toEqual([1, 11, 1]);
  });
});

describe('this', () => {
  class Account {
    readonly owner: string;
    runs = 0;
    constructor(owner: string) {
      this.owner = owner;
    }
    async read(what: string) {
      this.runs++;
      return `${what} of ${this.owner}`;
    }
  }

  test('is kept, and each instance has entries of its own', async () => {
    const read = cachedAsync()(Account.prototype.read);
    const [ann, bob] = [new Account('Ann'), new Account('Bob')];
    expect(await read.call(ann, 'name')).toBe('name of Ann');
    expect(await read.call(bob, 'name')).toBe('name of Bob');
    expect(await read.call(ann, 'name')).toBe('name of Ann');
    expect([ann.runs, bob.runs]).toEqual([1, 1]);
    expect(read.invalidate.call(ann, 'name')).toBe(true);
    await read.call(ann, 'name');
    await read.call(bob, 'name');
    expect([ann.runs, bob.runs]).toEqual([2, 1]);
  });

  test('that is no object is none: such calls share their entries, as without one', async () => {
    let runs = 0;
    const count = cachedAsync()(async function count(this: unknown) {
      return ++runs;
    });
    for (const self of [undefined, null, 5, 'text']) expect(await count.call(self)).toBe(1);
    expect(await count.call(Map)).toBe(2);
    expect([count.name, count.invalidate(), await count()]).toEqual(['count', true, 3]);
  });

  test('is not kept alive by what is remembered for it', async () => {
    const read = cachedAsync()(async function (this: object) {
      return this;
    });
    const collect = await collector();
    const instance = await (async () => {
      const object = { big: 'x'.repeat(1000) };
      await read.call(object);
      return new WeakRef(object);
    })();
    for (let times = 0; times < 20 && instance.deref() !== undefined; times++) {
      await new Promise((resolve) => setImmediate(resolve));
      collect();
    }
    expect(instance.deref()).toBeUndefined();
  });
});

/** The garbage collector, which has no name without a flag. */
async function collector(): Promise<() => void> {
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

test.for([
  [{ ttlMs: 0 }, RangeError],
  [{ ttlMs: '1' }, TypeError],
  [{ maxSize: 0 }, RangeError],
  [{ key: 1 }, TypeError],
  [{ cache: new Map() }, TypeError],
] as const)('wrong options are told at once: %o', ([options, kind]) => {
  expect(() => cachedAsync(options as unknown as CachedAsyncOptions)).toThrow(kind);
});
