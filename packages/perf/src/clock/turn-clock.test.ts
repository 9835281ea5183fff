import { afterEach, expect, test, vi } from 'vitest';
import { newTurnClock, turnClock } from './turn-clock.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

function burn() {
  const start = performance.now();
  while (performance.now() - start < 0.1);
}

test('stands still within a turn of the event loop, microtasks included', async () => {
  await nextTurn();
  const first = turnClock.now();
  burn();
  expect(turnClock.now()).toBe(first);
  await Promise.resolve();
  expect(turnClock.now()).toBe(first);
});

test('goes on with the next turn, with the time of the system', async () => {
  const first = turnClock.now();
  burn();
  await nextTurn();
  const before = performance.now();
  const second = turnClock.now();
  expect(second).toBeGreaterThan(first);
  expect(second).toBeGreaterThanOrEqual(before);
});

test('is read each time while fake timers are installed, and makes no timer', () => {
  turnClock.now();
  vi.useFakeTimers();
  const start = turnClock.now();
  vi.advanceTimersByTime(5);
  expect(turnClock.now() - start).toBe(5);
  expect(vi.getTimerCount()).toBe(0);
});

test('is read each time by what is made while nothing but performance is replaced', () => {
  turnClock.now();
  vi.useFakeTimers({ toFake: ['performance'] });
  const clock = newTurnClock();
  const start = clock.now();
  vi.advanceTimersByTime(5);
  expect(clock.now() - start).toBe(5);
});

test('is read each time while performance.now is replaced', () => {
  turnClock.now();
  const spy = vi.spyOn(performance, 'now').mockReturnValue(1);
  expect(turnClock.now()).toBe(1);
  spy.mockReturnValue(2);
  expect(turnClock.now()).toBe(2);
  spy.mockRestore();
  expect(turnClock.now()).toBeGreaterThan(2);
});
