import { getEventListeners } from 'node:events';
import * as fc from 'fast-check';
import { TimeoutError } from '@kortana/errors';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AsyncBatchProcessor } from './async-batch-processor.ts';
import { BatchError } from './batch-error.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const never = () => new Promise<never>(() => {});
const double = async (item: number) => item * 2;
const tick = () => vi.advanceTimersByTimeAsync(0);
const lasting = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Counts up, and knows how far it was read and whether it was closed. */
function source(length = Infinity, isAsync = false) {
  const seen = { read: 0, closed: false };
  function* count() {
    try {
      while (seen.read < length) yield seen.read++;
    } finally {
      seen.closed = true;
    }
  }
  async function* countSlowly() {
    yield* count();
  }
  return { seen, items: isAsync ? countSlowly() : count() };
}

describe('process', () => {
  test.for([
    ['an array', [1, 2, 3]],
    ['a Set', new Set([1, 2, 3])],
    [
      'a generator',
      (function* () {
        yield* [1, 2, 3];
      })(),
    ],
    [
      'an async generator',
      (async function* () {
        yield* [1, 2, 3];
      })(),
    ],
  ] as [string, Iterable<number> | AsyncIterable<number>][])(
    'gives the results of %s in order',
    async ([, items]) => {
      const processor = new AsyncBatchProcessor<number, number>({ maxConcurrent: 2 });
      const handler = async (item: number, { index }: { index: number }) => {
        await lasting(10 - item);
        return item * 10 + index;
      };
      const work = processor.process(items, handler);
      await vi.runAllTimersAsync();
      expect(await work).toEqual([10, 21, 32]);
    },
  );

  test('resolves at once without items', async () => {
    const { signal } = new AbortController();
    const processor = new AsyncBatchProcessor<number, number>();
    expect(await processor.process([], double, { signal })).toEqual([]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('runs everything, then rejects with one BatchError that holds all there is', async () => {
    const processor = new AsyncBatchProcessor<number, number>();
    const odd = new Error('odd');
    const handler = vi.fn(async (item: number) => {
      if (item % 2 === 1) throw odd;
      return item;
    });
    const error: unknown = await processor.process([1, 2, 3, 4], handler).catch((e) => e);
    expect(BatchError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({
      code: 'BATCH_FAILED',
      message: '2 of 4 items failed',
      failures: [
        { index: 0, item: 1, error: odd },
        { index: 2, item: 3, error: odd },
      ],
      results: [undefined, 2, undefined, 4],
    });
    expect(handler).toHaveBeenCalledTimes(4);
  });

  test('tells failures in the order of the items, however they came', async () => {
    const processor = new AsyncBatchProcessor<number, void>();
    const work = processor.process([20, 10], async (ms) => {
      await lasting(ms);
      throw ms;
    });
    const [error] = await Promise.all([work.catch((e: unknown) => e), vi.runAllTimersAsync()]);
    expect(error).toMatchObject({
      failures: [
        { index: 0, error: 20 },
        { index: 1, error: 10 },
      ],
    });
  });

  test('gives no more results than there were items, should the array shrink meanwhile', async () => {
    const processor = new AsyncBatchProcessor<number, number>({ maxConcurrent: 1 });
    const items = [1, 2, 3];
    expect(await processor.process(items, (item) => (items.pop(), item))).toEqual([1, 2]);
  });

  test('any number of handlers may throw at once', async () => {
    const processor = new AsyncBatchProcessor<number, number>();
    const results = await processor.processSettled(source(20_000).items, (item) => {
      throw item;
    });
    expect(results.at(-1)).toEqual({ status: 'rejected', reason: 19_999 });
  });

  test('processSettled tells of each how it ended, a throw like a rejection', async () => {
    const processor = new AsyncBatchProcessor<number, number>();
    const error = new Error('odd');
    const handler = (item: number) => {
      if (item === 1) throw error;
      return item;
    };
    expect(await processor.processSettled([1, 2], handler)).toEqual([
      { status: 'rejected', reason: error },
      { status: 'fulfilled', value: 2 },
    ]);
  });

  test('reports progress: all that ended, those that failed, and the total where it is known', async () => {
    const onProgress = vi.fn();
    const processor = new AsyncBatchProcessor<number, number>({ onProgress, maxConcurrent: 1 });
    const handler = async (item: number) => {
      if (item === 1) throw new Error('x');
      return item;
    };
    await processor.processSettled([1, 2], handler);
    await processor.processSettled(source(1).items, double);
    await new AsyncBatchProcessor<string, string>({ onProgress }).process('😀', async (it) => it);
    expect(onProgress.mock.calls).toEqual([
      [{ completed: 1, failed: 1, total: 2 }],
      [{ completed: 2, failed: 1, total: 2 }],
      [{ completed: 1, failed: 0 }],
      [{ completed: 1, failed: 0 }],
    ]);
  });

  test('a progress hook that throws changes nothing', async () => {
    const onProgress = () => {
      throw new Error('hook');
    };
    const processor = new AsyncBatchProcessor<number, number>({ onProgress });
    expect(await processor.process([1], double)).toEqual([2]);
  });

  test('a source that throws rejects with its own error and tells who is running', async () => {
    const error = new Error('source');
    async function* broken() {
      yield 1;
      throw error;
    }
    let seen: AbortSignal | undefined;
    const processor = new AsyncBatchProcessor<number, number>();
    const work = processor.process(broken(), (_item, { signal }) => ((seen = signal), never()));
    await expect(work).rejects.toBe(error);
    expect(seen?.reason).toBe(error);
  });

  test.for([false, true])(
    'reads the source no faster than places come free (async: %s)',
    async (isAsync) => {
      const { seen, items } = source(Infinity, isAsync);
      const ends: (() => void)[] = [];
      const controller = new AbortController();
      const processor = new AsyncBatchProcessor<number, void>({ maxConcurrent: 3 });
      const handler = () => new Promise<void>((resolve) => void ends.push(resolve));
      const work = processor.process(items, handler, { signal: controller.signal });
      await tick();
      expect(seen.read).toBe(3);
      ends[1]!();
      await tick();
      expect(seen.read).toBe(4);
      controller.abort('enough');
      await expect(work).rejects.toBe('enough');
      await tick();
      expect(seen).toEqual({ read: 4, closed: true });
    },
  );
});

describe('an abort', () => {
  test('rejects at once, tells the running, starts no more, leaves nothing behind', async () => {
    const controller = new AbortController();
    const seen: AbortSignal[] = [];
    const processor = new AsyncBatchProcessor<number, number>({
      maxConcurrent: 2,
      timeoutMs: 1000,
    });
    const handler = (_item: number, { signal }: { signal: AbortSignal }) => (
      seen.push(signal),
      never()
    );
    const work = processor.process([1, 2, 3], handler, { signal: controller.signal });
    await tick();
    controller.abort('enough');
    await expect(work).rejects.toBe('enough');
    expect(seen.map(({ reason }) => reason)).toEqual(['enough', 'enough']);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  test('keeps a success that was there before', async () => {
    const controller = new AbortController();
    const processor = new AsyncBatchProcessor<number, number>();
    const work = processor.process([1], double, { signal: controller.signal });
    controller.abort();
    expect(await work).toEqual([2]);
  });

  test('keeps it also where nothing has looked yet whether there is more', async () => {
    const controller = new AbortController();
    const processor = new AsyncBatchProcessor<number, number>({ maxConcurrent: 1 });
    const work = processor.process([1], double, { signal: controller.signal });
    controller.abort();
    expect(await work).toEqual([2]);
  });

  test('keeps it also where it is that of all', async () => {
    const controller = new AbortController();
    const processor = new AsyncBatchProcessor<number, number>();
    const work = processor.process([1, 2], double, controller);
    controller.abort('late');
    expect(await work).toEqual([2, 4]);
  });

  test('drops what comes after it', async () => {
    const controller = new AbortController();
    const processor = new AsyncBatchProcessor<number, number>();
    const handler = async (item: number) => (controller.abort('enough'), item);
    await expect(processor.process([1], handler, controller)).rejects.toBe('enough');
  });

  test('calls nothing more: not for an item that the source gives afterwards, nor at its turn', async () => {
    const handler = vi.fn(double);
    const reading = new AbortController();
    const { promise, resolve } = Promise.withResolvers<IteratorResult<number>>();
    const slow = { [Symbol.asyncIterator]: () => ({ next: () => promise }) };
    const processor = new AsyncBatchProcessor<number, number>({
      rateLimit: { limit: 5, intervalMs: 100 },
    });
    const works = [
      processor.process(slow, handler, reading).catch((reason: unknown) => reason),
      processor.process([1], handler, reading).catch((reason: unknown) => reason),
    ];
    reading.abort('enough');
    resolve({ done: false, value: 1 });
    expect(await Promise.all(works)).toEqual(['enough', 'enough']);
    await tick();
    expect(handler).not.toHaveBeenCalled();
  });

  test('before the start: nothing is called', async () => {
    const handler = vi.fn();
    const processor = new AsyncBatchProcessor<number, number>();
    const { seen, items } = source();
    const signal = AbortSignal.abort('no');
    await expect(processor.process(items, handler, { signal })).rejects.toBe('no');
    expect(handler).not.toHaveBeenCalled();
    expect(seen.read).toBe(0);
  });
});

describe('a handler that takes too long', () => {
  test('fails its item with a TimeoutError and gets its signal aborted with it', async () => {
    let seen: AbortSignal | undefined;
    const processor = new AsyncBatchProcessor<number, number>({ timeoutMs: 100 });
    const work = processor.processSettled([7], (_item, { signal }) => ((seen = signal), never()));
    await vi.advanceTimersByTimeAsync(99);
    expect(seen?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    const [result] = await work;
    expect(result).toMatchObject({
      status: 'rejected',
      reason: { code: 'TIMEOUT', timeoutMs: 100 },
    });
    expect(seen?.reason).toBeInstanceOf(TimeoutError);
  });

  test('is told at once, also where its result has to wait for a reader', async () => {
    const signals: AbortSignal[] = [];
    const stream = new AsyncBatchProcessor<number, number>({ timeoutMs: 100 }).stream(
      [1, 2],
      (_item, { signal }) => (signals.push(signal), never()),
    );
    const first = stream.next();
    await vi.advanceTimersByTimeAsync(100);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    expect(await first).toMatchObject({ value: { index: 0, status: 'rejected' } });
    expect(await stream.next()).toMatchObject({ value: { index: 1, status: 'rejected' } });
    expect(await stream.next()).toMatchObject({ done: true });
  });

  test('keeps its place until it has really ended, unlike p-queue, promise-pool and opossum', async () => {
    let running = 0;
    let most = 0;
    const processor = new AsyncBatchProcessor<number, void>({ maxConcurrent: 1, timeoutMs: 10 });
    const work = processor.processSettled([1, 2, 3], async () => {
      most = Math.max(most, ++running);
      await lasting(100);
      running--;
    });
    await vi.runAllTimersAsync();
    expect((await work).map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
    expect(most).toBe(1);
  });

  test('lets the source be read no further while others run', async () => {
    const { seen, items } = source();
    const controller = new AbortController();
    const processor = new AsyncBatchProcessor<number, void>({ maxConcurrent: 2, timeoutMs: 10 });
    const handler = async (item: number) => (item === 0 ? never() : lasting(6));
    const work = processor.processSettled(items, handler, controller);
    await vi.advanceTimersByTimeAsync(11);
    // The first is stuck, the second has ended, the third runs.
    expect(seen.read).toBe(3);
    controller.abort('enough');
    await expect(work).rejects.toBe('enough');
    await vi.runAllTimersAsync();
  });

  test('gives its place on at once where that is asked for', async () => {
    let running = 0;
    let most = 0;
    const processor = new AsyncBatchProcessor<number, void>({
      maxConcurrent: 1,
      timeoutMs: 10,
      releaseOnTimeout: true,
    });
    const work = processor.processSettled([1, 2, 3], async () => {
      most = Math.max(most, ++running);
      await lasting(100);
      running--;
    });
    await vi.runAllTimersAsync();
    await work;
    expect(most).toBe(3);
  });

  test.for([
    ['an array', [1, 2]],
    ['a generator', source(2).items],
    ['an async generator', source(2, true).items],
  ] as [string, Iterable<number>][])(
    'and never ends doesn’t keep the call open when nothing else waits (%s)',
    async ([, items]) => {
      const processor = new AsyncBatchProcessor<number, number>({
        maxConcurrent: 2,
        timeoutMs: 10,
      });
      const work = processor.processSettled(items, never);
      await vi.advanceTimersByTimeAsync(10);
      expect((await work).length).toBe(2);
    },
  );

  test('keeps the call open while an item waits for its place, and items their order', async () => {
    const ends: ((value: number) => void)[] = [];
    const processor = new AsyncBatchProcessor<number, number>({ maxConcurrent: 1, timeoutMs: 10 });
    const settled = vi.fn();
    const handler = (item: number) =>
      item === 0 ? new Promise<number>((resolve) => void ends.push(resolve)) : item;
    const work = processor.processSettled(source(3, true).items, handler);
    void work.then(settled);
    await vi.advanceTimersByTimeAsync(1000);
    expect(settled).not.toHaveBeenCalled();
    ends[0]!(0);
    await tick();
    expect((await work).slice(1)).toEqual([
      { status: 'fulfilled', value: 1 },
      { status: 'fulfilled', value: 2 },
    ]);
  });
});

describe('a rate limit', () => {
  test('bounds the starts in every interval, over all calls', async () => {
    const starts: number[] = [];
    const processor = new AsyncBatchProcessor<number, void>({
      rateLimit: { limit: 2, intervalMs: 100 },
    });
    const began = performance.now();
    const handler = () => void starts.push(performance.now() - began);
    const work = Promise.all([
      processor.process([1, 2, 3], handler),
      processor.process([4, 5], handler),
    ]);
    await vi.runAllTimersAsync();
    await work;
    expect(starts).toEqual([0, 0, 100, 100, 200]);
  });

  test('saves nothing up in a quiet time', async () => {
    const starts: number[] = [];
    const processor = new AsyncBatchProcessor<number, void>({
      rateLimit: { limit: 1, intervalMs: 100 },
    });
    const began = performance.now();
    const handler = () => void starts.push(performance.now() - began);
    await processor.process([1], handler);
    await vi.advanceTimersByTimeAsync(1000);
    const work = processor.process([2, 3, 4], handler);
    await vi.runAllTimersAsync();
    await work;
    expect(starts).toEqual([0, 1000, 1100, 1200]);
  });

  test('does not keep a call open whose items have all ended', async () => {
    const processor = new AsyncBatchProcessor<number, number>({
      rateLimit: { limit: 1, intervalMs: 100 },
    });
    expect(await processor.process([1], double)).toEqual([2]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('an abort ends the wait for a turn', async () => {
    const controller = new AbortController();
    const processor = new AsyncBatchProcessor<number, number>({
      rateLimit: { limit: 1, intervalMs: 1000 },
    });
    const handler = vi.fn(double);
    const work = processor.process([1, 2], handler, { signal: controller.signal });
    await tick();
    controller.abort('enough');
    await expect(work).rejects.toBe('enough');
    await tick();
    expect(handler).toHaveBeenCalledOnce();
  });
});

describe('stream', () => {
  test('gives results as they come', async () => {
    const processor = new AsyncBatchProcessor<number, number>();
    const results: unknown[] = [];
    const reading = (async () => {
      const stream = processor.stream([30, 10, 20], async (item) => {
        await lasting(item);
        if (item === 20) throw new Error('x');
        return item;
      });
      for await (const result of stream) results.push(result);
    })();
    await vi.runAllTimersAsync();
    await reading;
    expect(results).toEqual([
      { index: 1, item: 10, status: 'fulfilled', value: 10 },
      { index: 2, item: 20, status: 'rejected', reason: new Error('x') },
      { index: 0, item: 30, status: 'fulfilled', value: 30 },
    ]);
  });

  test('starts nothing before it is read, and reads on only as results are taken', async () => {
    const { seen, items } = source();
    const stream = new AsyncBatchProcessor<number, number>({ maxConcurrent: 2 }).stream(
      items,
      double,
    );
    await tick();
    expect(seen.read).toBe(0);
    await stream.next();
    await tick();
    expect(seen.read).toBe(3);
    await tick();
    expect(seen.read).toBe(3);
    await stream.return?.();
  });

  test('a slow reader gets all, though results wait for him', async () => {
    const processor = new AsyncBatchProcessor<number, number>({ maxConcurrent: 2 });
    const values: unknown[] = [];
    for await (const result of processor.stream(source(6).items, double)) {
      await tick();
      values.push('value' in result && result.value);
    }
    expect(values).toEqual([0, 2, 4, 6, 8, 10]);
  });

  test('may be asked ahead: who asks beyond the end is told so', async () => {
    const stream = new AsyncBatchProcessor<number, number>().stream([1], async (item) => {
      await lasting(5);
      return item;
    });
    const asked = Promise.all([stream.next(), stream.next(), stream.next()]);
    await vi.advanceTimersByTimeAsync(5);
    expect((await asked).map(({ done }) => done)).toEqual([false, true, true]);
  });

  test('left, gives nothing more, not even what was ready', async () => {
    const stream = new AsyncBatchProcessor<number, number>().stream([1, 2, 3], double);
    await stream.next();
    await tick();
    await stream.return?.();
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  test('leaving early closes the source and tells the running', async () => {
    const { seen, items } = source();
    let running: AbortSignal | undefined;
    const processor = new AsyncBatchProcessor<number, number>({ maxConcurrent: 2 });
    const handler = (item: number, { signal }: { signal: AbortSignal }) => {
      if (item === 0) return item;
      running = signal;
      return never();
    };
    for await (const { value } of processor.stream(items, handler) as AsyncIterable<{
      value: number;
    }>) {
      expect(value).toBe(0);
      break;
    }
    expect(seen.closed).toBe(true);
    expect(running?.aborted).toBe(true);
  });

  test('gives what is ready, then throws what the source threw', async () => {
    const error = new Error('source');
    function* broken() {
      yield 1;
      throw error;
    }
    const stream = new AsyncBatchProcessor<number, number>({ maxConcurrent: 1 }).stream(
      broken(),
      double,
    );
    expect(await stream.next()).toMatchObject({ value: { value: 2 } });
    await expect(stream.next()).rejects.toBe(error);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  test('an abort is heard before what was ready', async () => {
    const controller = new AbortController();
    const stream = new AsyncBatchProcessor<number, number>().stream(
      source().items,
      double,
      controller,
    );
    await stream.next();
    await tick();
    controller.abort('enough');
    await tick();
    await expect(stream.next()).rejects.toBe('enough');
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  test('an abort is heard at once', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const stream = new AsyncBatchProcessor<number, number>().stream([1], never, { signal });
    const next = stream.next();
    controller.abort('enough');
    await expect(next).rejects.toBe('enough');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('processBatches', () => {
  test('reports each item of a batch that failed', async () => {
    const onProgress = vi.fn();
    const processor = new AsyncBatchProcessor<number, number>({ batchSize: 2, onProgress });
    const fail = async () => Promise.reject(new Error('x'));
    await processor.processBatches([1, 2, 3], fail).catch(() => {});
    expect(onProgress).toHaveBeenLastCalledWith({ completed: 3, failed: 3, total: 3 });
  });

  test('gives up to batchSize items a call and the results in order', async () => {
    const processor = new AsyncBatchProcessor<number, number>({ batchSize: 2, maxConcurrent: 2 });
    for (const isAsync of [false, true]) {
      const batches: number[][] = [];
      const work = processor.processBatches(source(5, isAsync).items, async (batch) => {
        batches.push(batch);
        return batch.map((item) => item * 2);
      });
      expect(await work).toEqual([0, 2, 4, 6, 8]);
      expect(batches).toEqual([[0, 1], [2, 3], [4]]);
    }
  });

  test('a batch that fails fails its items, and the others go on', async () => {
    const processor = new AsyncBatchProcessor<number, number>({ batchSize: 2 });
    const error = new Error('x');
    const work = processor.processBatches([0, 1, 2], async (batch) => {
      if (batch.includes(0)) throw error;
      return batch;
    });
    await expect(work).rejects.toMatchObject({
      failures: [
        { index: 0, item: 0, error },
        { index: 1, item: 1, error },
      ],
      results: [undefined, undefined, 2],
    });
  });

  test('wants a result for each item', async () => {
    const processor = new AsyncBatchProcessor<number, number>();
    const error: unknown = await processor.processBatches([1, 2], async () => [1]).catch((e) => e);
    expect(error).toMatchObject({
      failures: [{ error: { code: 'BATCH_RESULTS_MISMATCH' } }, {}],
    });
  });

  test('runs maxConcurrent calls at once and reports progress by items', async () => {
    const onProgress = vi.fn();
    const processor = new AsyncBatchProcessor<number, number>({
      batchSize: 2,
      maxConcurrent: 2,
      onProgress,
    });
    let running = 0;
    let most = 0;
    await processor.processBatches([1, 2, 3, 4, 5], async (batch) => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
      return batch;
    });
    expect(most).toBe(2);
    expect(onProgress).toHaveBeenLastCalledWith({ completed: 5, failed: 0, total: 5 });
  });
});

test('settles every item exactly once and never runs more than the limit', async () => {
  vi.useRealTimers();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ turns: fc.nat(5), fails: fc.boolean() }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 8 }),
      fc.boolean(),
      async (plan, maxConcurrent, isAsync) => {
        let running = 0;
        let most = 0;
        const calls = plan.map(() => 0);
        const processor = new AsyncBatchProcessor<number, number>({ maxConcurrent });
        const results = await processor.processSettled(
          source(plan.length, isAsync).items,
          async (item) => {
            calls[item]!++;
            most = Math.max(most, ++running);
            for (let turn = plan[item]!.turns; turn > 0; turn--) await Promise.resolve();
            running--;
            if (plan[item]!.fails) throw item;
            return item;
          },
        );
        expect(most).toBeLessThanOrEqual(maxConcurrent);
        expect(calls).toEqual(plan.map(() => 1));
        expect(results).toEqual(
          plan.map(({ fails }, index) =>
            fails ? { status: 'rejected', reason: index } : { status: 'fulfilled', value: index },
          ),
        );
      },
    ),
  );
  vi.useFakeTimers();
});

test('under a time limit, too: who is too late fails, and keeps his place until he has ended', async () => {
  const timeoutMs = 10;
  const durations = fc.integer({ min: 0, max: 40 }).filter((ms) => ms !== timeoutMs);
  await fc.assert(
    fc.asyncProperty(
      fc.array(durations, { maxLength: 20 }),
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      async (plan, maxConcurrent, isAsync) => {
        let running = 0;
        let most = 0;
        const calls = plan.map(() => 0);
        const told = plan.map(() => false);
        const processor = new AsyncBatchProcessor<number, number>({ maxConcurrent, timeoutMs });
        const work = processor.processSettled(
          source(plan.length, isAsync).items,
          async (item, { signal }) => {
            calls[item]!++;
            most = Math.max(most, ++running);
            await lasting(plan[item]!);
            running--;
            told[item] = signal.aborted;
            return item;
          },
        );
        await vi.runAllTimersAsync();
        const inTime = plan.map((ms) => ms < timeoutMs);
        expect((await work).map(({ status }) => status === 'fulfilled')).toEqual(inTime);
        expect(told).toEqual(inTime.map((was) => !was));
        expect(calls).toEqual(plan.map(() => 1));
        expect(most).toBe(Math.min(maxConcurrent, plan.length));
        expect(running).toBe(0);
      },
    ),
  );
});

test('refuses what makes no sense', async () => {
  const processor = new AsyncBatchProcessor<number, number>();
  await expect(processor.process(5 as never, double)).rejects.toThrow(TypeError);
  await expect(processor.process([1], 5 as never)).rejects.toThrow(
    'Expected `handler` to be a function',
  );
  expect(() => new AsyncBatchProcessor({ batchSize: 0 })).toThrow(RangeError);
  expect(() => new AsyncBatchProcessor({ timeoutMs: 0 })).toThrow(RangeError);
  expect(() => new AsyncBatchProcessor({ rateLimit: { limit: 0, intervalMs: 1 } })).toThrow(
    'Expected `rateLimit.limit` to be an integer from 1 up, got 0',
  );
});
