import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CreatePacing } from './create-pacing.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const clock = { now: () => Date.now() };
const error = new Error('refused');

function pacing() {
  const onPauseOver = vi.fn();
  return { onPauseOver, pacing: new CreatePacing(clock, onPauseOver) };
}

test('lets everybody begin while nothing fails', () => {
  const { pacing: one } = pacing();
  expect(Array.from({ length: 5 }, () => one.tryBegin(true))).not.toContain(false);
});

test('after a failure those who wait have one try each, and who comes later a pause', () => {
  const { pacing: one, onPauseOver } = pacing();
  one.failed(error, 2);
  expect([one.tryBegin(true), one.tryBegin(true), one.tryBegin(true)]).toEqual([true, true, false]);
  vi.advanceTimersByTime(49);
  expect(one.tryBegin(true)).toBe(false);
  expect(onPauseOver).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onPauseOver).toHaveBeenCalledOnce();
  expect(one.tryBegin(true)).toBe(true);
});

test('the pause doubles with each failure in a row, up to five seconds', () => {
  const { pacing: one } = pacing();
  const pauses = Array.from({ length: 9 }, () => {
    one.failed(error, 0);
    const began = clock.now();
    while (!one.tryBegin(true)) vi.advanceTimersToNextTimer();
    return clock.now() - began;
  });
  expect(pauses).toEqual([50, 100, 200, 400, 800, 1600, 3200, 5000, 5000]);
});

test('failures of tries that ran side by side are one', () => {
  const { pacing: one } = pacing();
  one.failed(error, 1);
  expect(one.tryBegin(true)).toBe(true);
  one.failed(error, 1);
  expect(one.tryBegin(true)).toBe(false);
  vi.advanceTimersByTime(50);
  expect(one.tryBegin(true)).toBe(true);
});

test('a success ends the pause at once, and the next failure begins anew', () => {
  const { pacing: one, onPauseOver } = pacing();
  one.failed(error, 0);
  vi.advanceTimersByTime(50);
  one.failed(error, 0);
  expect(one.lastError).toBe(error);
  expect(one.tryBegin(true)).toBe(false);
  one.succeeded();
  expect(one.lastError).toBeUndefined();
  expect(onPauseOver).toHaveBeenCalledOnce();
  expect(one.tryBegin(true)).toBe(true);
  one.failed(error, 0);
  expect(one.tryBegin(true)).toBe(false);
  vi.advanceTimersByTime(50);
  expect(one.tryBegin(true)).toBe(true);
});
