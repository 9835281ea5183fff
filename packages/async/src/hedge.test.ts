import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hedge } from './hedge.ts';
import { RetryBudget } from './retry/retry-budget.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const after = <T>(ms: number, value: T) =>
  vi.fn(
    (_signal: AbortSignal) => new Promise<T>((resolve) => setTimeout(() => resolve(value), ms)),
  );
const failing = (message: string) => vi.fn(async () => Promise.reject(new Error(message)));
const never = () => vi.fn((_signal: AbortSignal) => new Promise<never>(() => {}));

test('asks only the first when it answers in time', async () => {
  const second = never();
  const work = hedge([after(99, 'a'), second], { delayMs: 100 });
  await vi.advanceTimersByTimeAsync(99);
  expect(await work).toBe('a');
  expect(second).not.toHaveBeenCalled();
});

test('starts the next after the delay, the first success wins and the losers are aborted', async () => {
  const slow = never();
  const work = hedge([slow, after(10, 'b')], { delayMs: 100 });
  await vi.advanceTimersByTimeAsync(110);
  expect(await work).toBe('b');
  expect(slow.mock.calls[0]?.[0].aborted).toBe(true);
});

test('does not abort the winner: what it gave may still be read', async () => {
  const winner = after(10, 'a');
  const work = hedge([winner, never()], { delayMs: 5 });
  await vi.advanceTimersByTimeAsync(10);
  await work;
  expect(winner.mock.calls[0]?.[0].aborted).toBe(false);
});

test('gives each attempt its whole delay, also one that started after a failure', async () => {
  const failLate = vi.fn(async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    throw new Error('a');
  });
  const third = vi.fn(async () => 'c');
  const work = hedge([failLate, never(), third], { delayMs: 100 });
  await vi.advanceTimersByTimeAsync(149);
  expect(third).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(await work).toBe('c');
});

test('starts the next at once when one fails', async () => {
  expect(await hedge([failing('a'), async () => 'b'], { delayMs: 100 })).toBe('b');
});

test('gives all errors in order when all fail', async () => {
  const error: unknown = await hedge([failing('a'), failing('b')], { delayMs: 100 }).catch(
    (e) => e,
  );
  expect(error).toBeInstanceOf(AggregateError);
  expect((error as AggregateError).errors.map(String)).toEqual(['Error: a', 'Error: b']);
});

test('takes each further attempt from the budget, and makes do without', async () => {
  const budget = new RetryBudget({ ratio: 1, minPerSecond: 0 });
  const [second, third] = [never(), never()];
  const work = hedge([after(500, 'a'), second, third], { delayMs: 100, budget });
  await vi.advanceTimersByTimeAsync(500);
  expect(await work).toBe('a');
  expect(second).toHaveBeenCalledOnce();
  expect(third).not.toHaveBeenCalled();
  expect(budget.remaining).toBe(0);
});

test('rejects with what failed when the budget allows no more', async () => {
  const budget = new RetryBudget({ ratio: 0, minPerSecond: 0 });
  const work = hedge([failing('a'), never()], { delayMs: 100, budget });
  await expect(work).rejects.toBeInstanceOf(AggregateError);
});

test('rejects at once on an abort, aborts all attempts and leaves nothing behind', async () => {
  const controller = new AbortController();
  const attempt = never();
  const work = hedge([attempt, never()], { delayMs: 100, signal: controller.signal });
  await vi.advanceTimersByTimeAsync(1);
  controller.abort('enough');
  await expect(work).rejects.toBe('enough');
  expect(attempt.mock.calls[0]?.[0].reason).toBe('enough');
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
});

test('an abort is heard also when an attempt has just failed, and nothing more is started', async () => {
  const controller = new AbortController();
  const second = never();
  const work = hedge([failing('a'), second], { delayMs: 100, signal: controller.signal });
  controller.abort('enough');
  await expect(work).rejects.toBe('enough');
  expect(second).not.toHaveBeenCalled();
});

test('keeps a success that was there before the abort, and drops one that comes after', async () => {
  const early = new AbortController();
  const kept = hedge([async () => 'a'], { delayMs: 100, signal: early.signal });
  early.abort('late');
  expect(await kept).toBe('a');
  const controller = new AbortController();
  const self = async () => (controller.abort('enough'), 'b');
  const dropped = hedge([self], { delayMs: 100, signal: controller.signal });
  await expect(dropped).rejects.toBe('enough');
});

test('takes a throw for a rejection', async () => {
  const thrower = () => {
    throw new Error('a');
  };
  expect(await hedge([thrower, () => 'b'], { delayMs: 100 })).toBe('b');
});

test('keeps to the attempts that it was given', async () => {
  const attempts: (() => string)[] = [
    () => {
      attempts.length = 0;
      throw new Error('a');
    },
    () => 'b',
  ];
  expect(await hedge(attempts, { delayMs: 100 })).toBe('b');
});

test('leaves no listener, however it ends', async () => {
  const { signal } = new AbortController();
  await hedge([() => 1, never()], { delayMs: 100, signal });
  await hedge([failing('a')], { delayMs: 100, signal }).catch(() => {});
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('calls nothing on an aborted signal', async () => {
  const attempt = never();
  const signal = AbortSignal.abort('no');
  await expect(hedge([attempt], { delayMs: 1, signal })).rejects.toBe('no');
  expect(attempt).not.toHaveBeenCalled();
});

test('wants at least one attempt, each a function, and a delay', async () => {
  await expect(hedge([], { delayMs: 1 })).rejects.toThrow(RangeError);
  await expect(hedge([1 as never], { delayMs: 1 })).rejects.toThrow('Expected `attempts[0]` to be');
  await expect(hedge([never()], undefined as never)).rejects.toThrow('Expected `options` to be');
  await expect(hedge([never()], {} as never)).rejects.toThrow('Expected `delayMs` to be a number');
  await expect(hedge([never()], { delayMs: Number.NaN })).rejects.toThrow(RangeError);
});
