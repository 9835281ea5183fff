import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { patient } from './patient.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  vi.useRealTimers();
});

const { signal } = new AbortController();
const never = new Promise<void>(() => {});

test('resolves when the work does, also when it fails', async () => {
  await expect(patient(Promise.resolve(), 100, signal)).resolves.toBeUndefined();
  const failed = Promise.reject(new Error('work'));
  await expect(patient(failed, 100, signal)).resolves.toBeUndefined();
});

test('waits no longer than told', async () => {
  const onEnd = vi.fn();
  void patient(never, 100, signal).then(onEnd);
  await vi.advanceTimersByTimeAsync(99);
  expect(onEnd).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(onEnd).toHaveBeenCalledOnce();
});

test('waits no longer than for the abort', async () => {
  const controller = new AbortController();
  const wait = patient(never, 100, controller.signal);
  controller.abort();
  await wait;
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
});

test('does not wait where there is no time left, or the abort came before', async () => {
  const waits = [patient(never, 0), patient(never, -1), patient(never, 100, AbortSignal.abort())];
  expect(await Promise.all(waits)).toEqual([undefined, undefined, undefined]);
});
