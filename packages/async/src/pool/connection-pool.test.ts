import { getEventListeners } from 'node:events';
import { TimeoutError } from '@kortana/errors';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ConnectionPool } from './connection-pool.ts';
import type { ConnectionPoolOptions } from './pool-options.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

interface Conn {
  id: number;
}

/** A pool of numbered connections, and what was destroyed. */
function pool(options: Partial<ConnectionPoolOptions<Conn>> = {}) {
  let id = 0;
  const destroyed: number[] = [];
  const create = vi.fn(async (_signal: AbortSignal): Promise<Conn> => ({ id: ++id }));
  const made = new ConnectionPool<Conn>({
    create,
    destroy: (connection) => void destroyed.push(connection.id),
    ...options,
  });
  return { pool: made, create, destroyed };
}

const tick = () => vi.advanceTimersByTimeAsync(0);
const controlled = <T>() => Promise.withResolvers<T>();

describe('lending', () => {
  test('makes a connection when one is needed and lends it again', async () => {
    const { pool: p, create } = pool();
    const first = await p.acquire();
    p.release(first);
    expect(await p.acquire()).toBe(first);
    expect(create).toHaveBeenCalledOnce();
    expect(p.stats()).toEqual({ size: 1, available: 0, borrowed: 1, waiting: 0, creating: 0 });
    await p.closeAll();
  });

  test('lends the one used last, so that what is not needed grows old', async () => {
    const { pool: p } = pool();
    const [first, second] = [await p.acquire(), await p.acquire()];
    p.release(second);
    p.release(first);
    expect(await p.acquire()).toBe(first);
    await p.closeAll();
  });

  test('never has more than maxSize, and serves who came first', async () => {
    const { pool: p, create } = pool({ maxSize: 1 });
    const first = await p.acquire();
    const order: string[] = [];
    const second = p.acquire().then((c) => (order.push('second'), c));
    const third = p.acquire().then((c) => (order.push('third'), c));
    expect(p.stats().waiting).toBe(2);
    p.release(first);
    p.release(await second);
    p.release(await third);
    expect(order).toEqual(['second', 'third']);
    expect(create).toHaveBeenCalledOnce();
    await p.closeAll();
  });

  test('turns away at once when too many wait, not counting those whose connection is on its way', async () => {
    const { pool: p } = pool({ maxSize: 2, maxWaiting: 1 });
    const all = [p.acquire(), p.acquire(), p.acquire()];
    await expect(p.acquire()).rejects.toMatchObject({ code: 'POOL_FULL', recoverable: true });
    p.release(await all[0]!);
    await Promise.all(all);
    await p.closeAll();
  });

  test('an acquire that takes too long is a TimeoutError with the state of the pool', async () => {
    const { pool: p } = pool({ maxSize: 1, acquireTimeoutMs: 100 });
    await p.acquire();
    const waiting = p.acquire().catch((error: unknown) => error);
    const briefly = p.acquire({ timeoutMs: 10 }).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(10);
    expect(await briefly).toMatchObject({ timeoutMs: 10 });
    await vi.advanceTimersByTimeAsync(89);
    expect(p.stats().waiting).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await waiting).toBeInstanceOf(TimeoutError);
    expect(await waiting).toMatchObject({ timeoutMs: 100, context: { borrowed: 1 } });
    await p.closeAll();
  });

  test('each acquire waits its own time, whatever the others have', async () => {
    const { pool: p } = pool({ maxSize: 1, acquireTimeoutMs: 100 });
    await p.acquire();
    const ended: string[] = [];
    const wait = (name: string, timeoutMs?: number) =>
      void p.acquire({ timeoutMs }).catch(() => ended.push(name));
    wait('longest', 500);
    wait('first');
    await vi.advanceTimersByTimeAsync(50);
    wait('second');
    await vi.advanceTimersByTimeAsync(50);
    expect(ended).toEqual(['first']);
    await vi.advanceTimersByTimeAsync(50);
    expect(ended).toEqual(['first', 'second']);
    await vi.advanceTimersByTimeAsync(350);
    expect(ended).toEqual(['first', 'second', 'longest']);
    await p.closeAll();
  });

  test('an acquire that is served leaves no timer and no listener', async () => {
    const { pool: p } = pool({ maxSize: 1 });
    const first = await p.acquire();
    const { signal } = new AbortController();
    const waiting = p.acquire({ signal, timeoutMs: 10 });
    p.release(first);
    await waiting;
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    await p.closeAll();
  });

  test('an acquire that takes too long leaves no listener', async () => {
    const { pool: p } = pool({ maxSize: 1, acquireTimeoutMs: 100 });
    await p.acquire();
    const { signal } = new AbortController();
    const waits = [p.acquire({ signal }), p.acquire({ signal, timeoutMs: 10 })];
    const outcomes = Promise.allSettled(waits);
    await vi.advanceTimersByTimeAsync(100);
    for (const { status } of await outcomes) expect(status).toBe('rejected');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    await p.closeAll();
  });

  test('an abort ends the wait at once and leaves nothing behind', async () => {
    const { pool: p } = pool({ maxSize: 1 });
    const first = await p.acquire();
    const controller = new AbortController();
    const waiting = p.acquire({ signal: controller.signal });
    controller.abort('enough');
    await expect(waiting).rejects.toBe('enough');
    expect(p.stats().waiting).toBe(0);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    p.release(first);
    await p.closeAll();
  });

  test('nothing is made on an aborted signal', async () => {
    const { pool: p, create } = pool();
    await expect(p.acquire({ signal: AbortSignal.abort('no') })).rejects.toBe('no');
    expect(create).not.toHaveBeenCalled();
    await p.closeAll();
  });

  test('releasing a stranger, or twice, is a RangeError', async () => {
    const { pool: p } = pool();
    expect(() => p.release({ id: 7 })).toThrow(RangeError);
    const connection = await p.acquire();
    p.release(connection);
    expect(() => p.release(connection)).toThrow(RangeError);
    expect(() => p.discard(connection)).toThrow(RangeError);
    await p.closeAll();
  });
});

describe('use', () => {
  const boom = () => {
    throw new Error('boom');
  };
  const endings: [string, () => unknown][] = [
    ['a return', () => 1],
    ['a throw, unlike generic-pool', boom],
    ['a rejection', async () => boom()],
  ];
  test.for(endings)('gives back after %s', async ([, fn]) => {
    const { pool: p } = pool();
    await p.use(fn).catch(() => {});
    expect(p.stats()).toMatchObject({ available: 1, borrowed: 0 });
    await p.closeAll();
  });

  test('on an abort rejects at once, and gives back when fn has ended', async () => {
    const { pool: p } = pool();
    const controller = new AbortController();
    const work = controlled<void>();
    const used = p.use(() => work.promise, { signal: controller.signal });
    await tick();
    controller.abort('enough');
    await expect(used).rejects.toBe('enough');
    expect(p.stats()).toMatchObject({ borrowed: 1 });
    work.resolve();
    await tick();
    expect(p.stats()).toMatchObject({ borrowed: 0, available: 1 });
    await p.closeAll();
  });

  test('aborted before fn began calls nothing, and gives back', async () => {
    const { pool: p } = pool({ maxSize: 1 });
    const connection = await p.acquire();
    const controller = new AbortController();
    const fn = vi.fn();
    const used = p.use(fn, { signal: controller.signal });
    p.release(connection);
    controller.abort('enough');
    await expect(used).rejects.toBe('enough');
    expect(fn).not.toHaveBeenCalled();
    expect(p.stats()).toMatchObject({ borrowed: 0, available: 1 });
    await p.closeAll();
  });

  test('takes nothing from the next one if fn gave back by itself', async () => {
    const { pool: p } = pool({ maxSize: 1 });
    const work = controlled<void>();
    const used = p.use((connection) => (p.release(connection), work.promise));
    await tick();
    const next = await p.acquire();
    work.resolve();
    await used;
    expect(p.stats()).toMatchObject({ borrowed: 1, available: 0 });
    p.release(next);
    await p.closeAll();
  });

  test('lets fn discard a broken connection', async () => {
    const { pool: p, destroyed } = pool();
    await p.use((connection) => p.discard(connection));
    expect(destroyed).toEqual([1]);
    expect(p.stats()).toMatchObject({ size: 0 });
    await p.closeAll();
  });

  test('a lease gives back at the end of its block', async () => {
    const { pool: p } = pool();
    {
      await using lease = await p.lease();
      expect(lease.value).toEqual({ id: 1 });
      expect(p.stats().borrowed).toBe(1);
    }
    expect(p.stats().borrowed).toBe(0);
    await p.closeAll();
  });
});

describe('a pool that can not create', () => {
  test('gives each caller the very error at once, and does not spin, unlike generic-pool', async () => {
    const error = new Error('refused');
    const create = vi.fn(async () => Promise.reject(error));
    const { pool: p } = pool({ maxSize: 2, create });
    const outcomes = await Promise.allSettled([1, 2, 3, 4, 5].map(() => p.acquire()));
    for (const outcome of outcomes) expect(outcome).toEqual({ status: 'rejected', reason: error });
    expect(create).toHaveBeenCalledTimes(5);
    await vi.advanceTimersByTimeAsync(3000);
    expect(create).toHaveBeenCalledTimes(5);
    await p.closeAll();
  });

  test('lets a new caller wait before the next try, longer each time, but never without his try', async () => {
    const tries: number[] = [];
    const create = async () => {
      tries.push(performance.now());
      throw new Error('refused');
    };
    const { pool: p } = pool({ create });
    for (let round = 0; round < 4; round++) {
      const outcome = p.acquire().catch((error: unknown) => error);
      await vi.advanceTimersByTimeAsync(round === 0 ? 0 : 25 * 2 ** round);
      expect(await outcome).toMatchObject({ message: 'refused' });
    }
    const [first = 0] = tries;
    expect(tries.map((at) => at - first)).toEqual([0, 50, 150, 350]);
    await p.closeAll();
  });

  test('pauses for five seconds at most', async () => {
    const { pool: p } = pool({ create: async () => Promise.reject(new Error('refused')) });
    for (let round = 0; round < 20; round++) {
      const outcome = p.acquire().catch((error: unknown) => error);
      await vi.advanceTimersByTimeAsync(5000);
      expect(await outcome).toMatchObject({ message: 'refused' });
    }
    await p.closeAll();
  });

  test('tells nobody for whom another is on its way', async () => {
    const births = [controlled<Conn>(), controlled<Conn>()];
    const all = births.values();
    const { pool: p } = pool({ create: () => all.next().value!.promise });
    const controller = new AbortController();
    const first = p.acquire({ signal: controller.signal });
    const second = p.acquire();
    controller.abort('gone');
    await expect(first).rejects.toBe('gone');
    births[0]!.reject(new Error('refused'));
    await tick();
    births[1]!.resolve({ id: 1 });
    expect(await second).toEqual({ id: 1 });
    await p.closeAll();
  });

  test('goes on at once after a success of one of several tries', async () => {
    const births = [controlled<Conn>(), controlled<Conn>(), controlled<Conn>()];
    const all = births.values();
    const create = vi.fn(() => all.next().value!.promise);
    const { pool: p } = pool({ create });
    const both = Promise.allSettled([p.acquire(), p.acquire()]);
    births[0]!.reject(new Error('refused'));
    await tick();
    births[1]!.resolve({ id: 1 });
    await both;
    const third = p.acquire();
    births[2]!.resolve({ id: 2 });
    expect(await third).toEqual({ id: 2 });
    await p.closeAll();
  });

  test('goes on at once after a success', async () => {
    let isDown = true;
    const create = vi.fn(async (): Promise<Conn> => {
      if (isDown) throw new Error('refused');
      return { id: create.mock.calls.length };
    });
    const { pool: p } = pool({ create });
    await p.acquire().catch(() => {});
    isDown = false;
    const next = p.acquire();
    await vi.advanceTimersByTimeAsync(50);
    await next;
    await p.acquire();
    expect(create).toHaveBeenCalledTimes(3);
    await p.closeAll();
  });

  test('an acquire that runs out of time meanwhile carries the cause', async () => {
    const error = new Error('refused');
    const { pool: p } = pool({ create: async () => Promise.reject(error) });
    await p.acquire().catch(() => {});
    const waiting = p.acquire({ timeoutMs: 10 }).catch((reason: unknown) => reason);
    await vi.advanceTimersByTimeAsync(10);
    expect(await waiting).toMatchObject({ code: 'TIMEOUT', cause: error });
    await p.closeAll();
  });

  test('a create that throws is one that fails', async () => {
    const { pool: p } = pool({
      create: () => {
        throw new Error('refused');
      },
    });
    await expect(p.acquire()).rejects.toThrow('refused');
    await p.closeAll();
  });

  test('a create that gives what is in the pool already is one that fails', async () => {
    const same = { id: 1 };
    const { pool: p, destroyed } = pool({ create: async () => same });
    await p.acquire();
    await expect(p.acquire()).rejects.toMatchObject({ code: 'POOL_DUPLICATE' });
    expect(p.stats()).toMatchObject({ size: 1, borrowed: 1 });
    expect(destroyed).toEqual([]);
    await p.closeAll();
  });

  test('a create that hangs fails its caller, is told, and keeps its place until it ends', async () => {
    const slow = controlled<Conn>();
    const create = vi.fn((_signal: AbortSignal) => slow.promise);
    const { pool: p, destroyed } = pool({ maxSize: 1, createTimeoutMs: 100, create });
    const outcome = p.acquire().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(100);
    expect(await outcome).toMatchObject({ code: 'TIMEOUT', operation: 'create' });
    expect(create.mock.calls[0]?.[0].aborted).toBe(true);
    const next = p.acquire();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(create).toHaveBeenCalledOnce();
    create.mockResolvedValue({ id: 2 });
    slow.resolve({ id: 1 });
    expect(await next).toEqual({ id: 2 });
    expect(destroyed).toEqual([1]);
    expect(create).toHaveBeenCalledTimes(2);
    await p.closeAll();
  });

  test('a create that fails after its time makes room, and is nobody’s failure', async () => {
    const slow = controlled<Conn>();
    const create = vi.fn((_signal: AbortSignal) => slow.promise);
    const { pool: p } = pool({ maxSize: 1, createTimeoutMs: 100, create });
    const outcome = p.acquire().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(100);
    expect(await outcome).toMatchObject({ code: 'TIMEOUT' });
    const next = p.acquire();
    await vi.advanceTimersByTimeAsync(100);
    create.mockResolvedValue({ id: 2 });
    slow.reject(new Error('too late'));
    expect(await next).toEqual({ id: 2 });
    await p.closeAll();
  });

  test('a create that ends after its time brings no other that nobody asked for', async () => {
    const slow = controlled<Conn>();
    const create = vi.fn((_signal: AbortSignal) => slow.promise);
    const { pool: p, destroyed } = pool({ createTimeoutMs: 100, create });
    const outcome = p.acquire().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await outcome).toMatchObject({ code: 'TIMEOUT' });
    slow.resolve({ id: 1 });
    await tick();
    expect(destroyed).toEqual([1]);
    expect(create).toHaveBeenCalledOnce();
    await p.closeAll();
  });

  test('a connection that arrives after its caller gave up goes to the next', async () => {
    const slow = controlled<Conn>();
    const { pool: p } = pool({ maxSize: 1, create: () => slow.promise });
    const controller = new AbortController();
    const first = p.acquire({ signal: controller.signal });
    await tick();
    controller.abort('gone');
    await expect(first).rejects.toBe('gone');
    const second = p.acquire();
    slow.resolve({ id: 1 });
    expect(await second).toEqual({ id: 1 });
    await p.closeAll();
  });
});

describe('the end of a connection', () => {
  test('comes after idleTimeoutMs without use, down to minSize', async () => {
    const { pool: p, destroyed } = pool({ idleTimeoutMs: 100, minSize: 1 });
    const both = [await p.acquire(), await p.acquire()];
    for (const connection of both) p.release(connection);
    await vi.advanceTimersByTimeAsync(99);
    expect(destroyed).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(destroyed).toEqual([1]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(destroyed).toEqual([1]);
    await p.closeAll();
  });

  test('comes after maxUses loans', async () => {
    const { pool: p, destroyed } = pool({ maxUses: 2 });
    await p.use(() => {});
    await p.use(() => {});
    expect(destroyed).toEqual([1]);
    await p.closeAll();
  });

  test('comes from maxLifetimeMs on, on loan not before it is given back', async () => {
    const { pool: p, destroyed } = pool({ maxLifetimeMs: 100 });
    const connection = await p.acquire();
    await vi.advanceTimersByTimeAsync(100);
    expect(destroyed).toEqual([]);
    p.release(connection);
    expect(destroyed).toEqual([1]);
    await p.closeAll();
  });

  test('comes when validate says no, fails or hangs; then another is made', async () => {
    const verdicts: (() => Promise<boolean>)[] = [
      async () => false,
      async () => Promise.reject(new Error('x')),
      () => new Promise(() => {}),
      async () => true,
    ];
    const { pool: p, destroyed } = pool({
      maxSize: 1,
      createTimeoutMs: 50,
      validate: () => verdicts.shift()!(),
    });
    const ids: number[] = [];
    for (let round = 0; round < 5; round++) {
      const acquired = p.acquire();
      await vi.advanceTimersByTimeAsync(50);
      const connection = await acquired;
      ids.push(connection.id);
      p.release(connection);
    }
    expect(ids).toEqual([1, 2, 3, 4, 4]);
    expect(destroyed).toEqual([1, 2, 3]);
    await p.closeAll();
  });

  test('comes when validate says no to one that is handed on: the next caller never gets it', async () => {
    const broken = new Set<number>();
    const { pool: p, destroyed } = pool({ maxSize: 1, validate: ({ id }) => !broken.has(id) });
    const first = await p.acquire();
    const waiting = [p.acquire(), p.acquire()];
    broken.add(first.id);
    p.release(first);
    const second = await waiting[0]!;
    expect([second.id, destroyed]).toEqual([2, [1]]);
    p.release(second);
    expect(await waiting[1]).toBe(second);
    await p.closeAll();
  });

  test('of a worn one brings just one in its place', async () => {
    const { pool: p, create } = pool({ maxLifetimeMs: 100, validate: () => true });
    p.release(await p.acquire());
    await vi.advanceTimersByTimeAsync(100);
    expect(await p.acquire()).toEqual({ id: 2 });
    expect(create).toHaveBeenCalledTimes(2);
    await p.closeAll();
  });

  test('whose destroy is still running keeps its place', async () => {
    const ending = controlled<void>();
    const { pool: p, create } = pool({ maxSize: 1, destroy: () => ending.promise });
    p.discard(await p.acquire());
    const next = p.acquire();
    await tick();
    expect(create).toHaveBeenCalledOnce();
    ending.resolve();
    await next;
    expect(create).toHaveBeenCalledTimes(2);
    await p.closeAll();
  });

  test('whose destroy throws is the end all the same', async () => {
    const destroy = () => {
      throw new Error('boom');
    };
    const { pool: p } = pool({ destroy });
    p.discard(await p.acquire());
    await tick();
    expect(p.stats().size).toBe(0);
    await p.closeAll();
  });
});

describe('minSize', () => {
  test('is filled from construction on, and again after a loss', async () => {
    const { pool: p, create } = pool({ minSize: 2 });
    await tick();
    expect(p.stats()).toMatchObject({ size: 2, available: 2 });
    p.discard(await p.acquire());
    await tick();
    expect(p.stats().size).toBe(2);
    expect(create).toHaveBeenCalledTimes(3);
    await p.closeAll();
  });

  test('that can not be filled is tried again, after growing pauses', async () => {
    const create = vi.fn(async () => Promise.reject(new Error('refused')));
    const { pool: p } = pool({ minSize: 1, create });
    await vi.advanceTimersByTimeAsync(50 + 100 + 200);
    expect(create).toHaveBeenCalledTimes(4);
    await p.closeAll();
  });
});

describe('a loan that lasts too long', () => {
  test('is told once', async () => {
    const onLeak = vi.fn();
    const { pool: p } = pool({ leakAfterMs: 100, onLeak });
    const connection = await p.acquire();
    await vi.advanceTimersByTimeAsync(300);
    expect(onLeak).toHaveBeenCalledExactlyOnceWith(connection, 100);
    p.release(connection);
    await p.closeAll();
  });

  test('is one by the clock, whenever a timer wakes up', async () => {
    const clock = { ms: 0, now: () => clock.ms };
    const onLeak = vi.fn();
    const { pool: p } = pool({ leakAfterMs: 100, onLeak, clock });
    p.release(await p.acquire());
    const connection = await p.acquire();
    clock.ms = 99;
    await vi.advanceTimersByTimeAsync(100);
    expect(onLeak).not.toHaveBeenCalled();
    clock.ms = 100;
    await vi.advanceTimersByTimeAsync(1);
    expect(onLeak).toHaveBeenCalledExactlyOnceWith(connection, 100);
    await p.closeAll();
  });

  test('is told no more once the pool is closed', async () => {
    const onLeak = vi.fn();
    const { pool: p } = pool({ leakAfterMs: 100, onLeak });
    await p.acquire();
    await p.closeAll();
    await vi.advanceTimersByTimeAsync(1000);
    expect(onLeak).not.toHaveBeenCalled();
  });

  test('given back in time is none', async () => {
    const onLeak = vi.fn();
    const { pool: p } = pool({ leakAfterMs: 100, onLeak });
    const connection = await p.acquire();
    await vi.advanceTimersByTimeAsync(99);
    p.release(connection);
    await vi.advanceTimersByTimeAsync(1000);
    expect(onLeak).not.toHaveBeenCalled();
    await p.closeAll();
  });
});

describe('drain', () => {
  test('rejects who waits at once, lets nobody in, and waits for loans', async () => {
    const { pool: p, destroyed } = pool({ maxSize: 1 });
    const connection = await p.acquire();
    const waiting = p.acquire();
    const drained = p.drain();
    await expect(waiting).rejects.toMatchObject({ code: 'POOL_CLOSED' });
    await expect(p.acquire()).rejects.toMatchObject({ code: 'POOL_CLOSED' });
    expect(destroyed).toEqual([]);
    p.release(connection);
    expect(await drained).toEqual({ leaked: 0 });
    expect(destroyed).toEqual([1]);
  });

  test('destroys what is not back by the deadline, and counts it', async () => {
    const { pool: p, destroyed } = pool();
    const connection = await p.acquire();
    p.release(await p.acquire());
    const drained = p.drain({ timeoutMs: 100 });
    await vi.advanceTimersByTimeAsync(100);
    expect(await drained).toEqual({ leaked: 1 });
    expect(destroyed).toEqual([2, 1]);
    expect(() => p.release(connection)).not.toThrow();
    expect(() => p.release(connection)).toThrow(RangeError);
  });

  test('without timeoutMs waits acquireTimeoutMs', async () => {
    const { pool: p } = pool({ acquireTimeoutMs: 70 });
    await p.acquire();
    const drained = vi.fn();
    void p.drain().then(drained);
    await vi.advanceTimersByTimeAsync(69);
    expect(drained).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(drained).toHaveBeenCalledWith({ leaked: 1 });
  });

  test('calls off what is being made', async () => {
    const create = (signal: AbortSignal) =>
      new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
    const { pool: p } = pool({ create });
    const waiting = p.acquire().catch((error: unknown) => error);
    expect(await p.drain()).toEqual({ leaked: 0 });
    expect(await waiting).toMatchObject({ code: 'POOL_CLOSED' });
  });

  test('destroys once what is being validated', async () => {
    const verdict = controlled<boolean>();
    const { pool: p, destroyed } = pool({ validate: () => verdict.promise });
    p.release(await p.acquire());
    const waiting = p.acquire().catch((error: unknown) => error);
    await p.closeAll();
    verdict.resolve(true);
    expect(await waiting).toMatchObject({ code: 'POOL_CLOSED' });
    await tick();
    expect(destroyed).toEqual([1]);
  });

  test('destroys also what is born after it', async () => {
    const slow = controlled<Conn>();
    const { pool: p, destroyed } = pool({ create: () => slow.promise });
    const waiting = p.acquire().catch(() => {});
    await p.closeAll();
    await waiting;
    slow.resolve({ id: 9 });
    await tick();
    expect(destroyed).toEqual([9]);
  });

  test('says of a leak to each who drains', async () => {
    const { pool: p } = pool();
    await p.acquire();
    const patient = p.drain({ timeoutMs: 1000 });
    expect(await p.closeAll()).toEqual({ leaked: 1 });
    expect(await patient).toEqual({ leaked: 1 });
  });

  test('waits for a destroy that hangs no longer than createTimeoutMs', async () => {
    const { pool: p } = pool({ createTimeoutMs: 100, destroy: () => new Promise(() => {}) });
    p.release(await p.acquire());
    const closed = vi.fn();
    void p.closeAll().then(closed);
    await vi.advanceTimersByTimeAsync(99);
    expect(closed).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(closed).toHaveBeenCalledWith({ leaked: 0 });
  });

  test('waits for destroys that are running', async () => {
    const ending = controlled<void>();
    const { pool: p } = pool({ destroy: () => ending.promise });
    p.release(await p.acquire());
    const closed = vi.fn();
    const closing = p.closeAll().then(closed);
    await vi.advanceTimersByTimeAsync(100);
    expect(closed).not.toHaveBeenCalled();
    ending.resolve();
    await closing;
  });
});

test('refuses options that make no sense', () => {
  const create = () => ({ id: 1 });
  expect(() => new ConnectionPool({} as never)).toThrow('Expected `create` to be a function');
  expect(() => new ConnectionPool({ create, maxSize: 0 })).toThrow(RangeError);
  expect(() => new ConnectionPool({ create, minSize: 11 })).toThrow(
    'Expected `minSize` to be an integer from 0 to 10, got 11',
  );
});
