import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sleep } from './sleep.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test('resolves after the time and not a millisecond earlier', async () => {
  const awake = vi.fn();
  void sleep(100).then(awake);
  await vi.advanceTimersByTimeAsync(99);
  expect(awake).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(awake).toHaveBeenCalledOnce();
});

test('sleeps longer than a timer can hold', async () => {
  const days50 = 50 * 24 * 3600 * 1000;
  const awake = vi.fn();
  void sleep(days50).then(awake);
  await vi.advanceTimersByTimeAsync(days50 - 1);
  expect(awake).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(awake).toHaveBeenCalledOnce();
});

test('rejects at once with the reason of the abort, and leaves no timer and no listener', async () => {
  const controller = new AbortController();
  const sleeping = sleep(Infinity, { signal: controller.signal });
  controller.abort('enough');
  await expect(sleeping).rejects.toBe('enough');
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
});

test('leaves no listener when it ends by itself', async () => {
  const { signal } = new AbortController();
  const sleeping = sleep(5, { signal });
  await vi.advanceTimersByTimeAsync(5);
  await sleeping;
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('does not start on an aborted signal', async () => {
  await expect(sleep(5, { signal: AbortSignal.abort('no') })).rejects.toBe('no');
});

test.for([-1, Number.NaN])('refuses %d', async (ms) => {
  await expect(sleep(ms)).rejects.toThrow(RangeError);
});

test('refuses what is no number', async () => {
  await expect(sleep('5' as never)).rejects.toThrow('Expected `ms` to be a number from 0 up');
});
