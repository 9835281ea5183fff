import { getEventListeners } from 'node:events';
import { TimeoutError } from '@kortana/errors';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withTimeout } from './with-timeout.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const never = () => new Promise<never>(() => {});

test('gives the value of work that is in time', async () => {
  await expect(withTimeout(async () => 'ok', { timeoutMs: 10 })).resolves.toBe('ok');
});

test('rejects with a TimeoutError that names the operation, and aborts the work with it', async () => {
  let seen: AbortSignal | undefined;
  const work = withTimeout((signal) => ((seen = signal), never()), {
    timeoutMs: 10,
    operation: 'load',
  });
  const outcome = work.catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(9);
  expect(seen?.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  const error = await outcome;
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ operation: 'load', timeoutMs: 10, recoverable: true });
  expect(seen?.reason).toBe(error);
});

test('drops what comes late, be it a value or an error', async () => {
  let fail = (_error: Error): void => {};
  const work = withTimeout(() => new Promise((_, reject) => (fail = reject)), { timeoutMs: 10 });
  const outcome = work.catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(10);
  expect(await outcome).toBeInstanceOf(TimeoutError);
  fail(new Error('late'));
  await vi.advanceTimersByTimeAsync(0);
});

test('rejects at once with the reason of the abort, and tells the work', async () => {
  const controller = new AbortController();
  let seen: AbortSignal | undefined;
  const work = withTimeout((signal) => ((seen = signal), never()), {
    timeoutMs: 10,
    signal: controller.signal,
  });
  await Promise.resolve();
  controller.abort('enough');
  await expect(work).rejects.toBe('enough');
  expect(seen?.reason).toBe('enough');
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
});

test('keeps a success that was there before the abort', async () => {
  const controller = new AbortController();
  const work = withTimeout(async () => 'ok', { timeoutMs: 10, signal: controller.signal });
  controller.abort();
  await expect(work).resolves.toBe('ok');
});

test('calls nothing when already aborted', async () => {
  const work = vi.fn();
  const signal = AbortSignal.abort('no');
  await expect(withTimeout(work, { timeoutMs: 10, signal })).rejects.toBe('no');
  expect(work).not.toHaveBeenCalled();
});

test('passes a throw and a rejection through as they are', async () => {
  const error = new Error('boom');
  const thrown = () => {
    throw error;
  };
  await expect(withTimeout(thrown, { timeoutMs: 10 })).rejects.toBe(error);
  await expect(withTimeout(() => Promise.reject(error), { timeoutMs: 10 })).rejects.toBe(error);
});

test('leaves no listener, however it ends', async () => {
  const { signal } = new AbortController();
  await withTimeout(async () => 1, { timeoutMs: 10, signal });
  const outcomes = Promise.allSettled([
    withTimeout(() => Promise.reject(new Error('x')), { timeoutMs: 10, signal }),
    withTimeout(never, { timeoutMs: 10, signal }),
  ]);
  await vi.advanceTimersByTimeAsync(10);
  await outcomes;
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('says what is missing, as a rejection', async () => {
  await expect(withTimeout(never, undefined as never)).rejects.toThrow(
    'Expected `options` to be an object, got undefined',
  );
  await expect(withTimeout(never, {} as never)).rejects.toThrow('Expected `timeoutMs` to be');
  await expect(withTimeout(5 as never, { timeoutMs: 1 })).rejects.toThrow('Expected `fn` to be');
});

test.for([0, -1, Number.NaN])('refuses a limit of %d', async (timeoutMs) => {
  await expect(withTimeout(never, { timeoutMs })).rejects.toThrow('Expected `timeoutMs` to be');
});
