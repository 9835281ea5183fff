import { getEventListeners } from 'node:events';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RateLimiter } from './rate-limiter.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const clock = { now: () => Date.now() };
const { signal } = new AbortController();

test('gives each turn as soon as the one `limit` before it is an interval ago, in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.nat(60), { maxLength: 20 }),
      async (limit, intervalMs, gaps) => {
        const rate = new RateLimiter({ limit, intervalMs }, clock);
        const began = clock.now();
        const starts: number[] = [];
        const expected: number[] = [];
        for (const gap of gaps) {
          await vi.advanceTimersByTimeAsync(gap);
          void rate.turn(signal).then(() => starts.push(clock.now() - began));
          const free = expected.length < limit ? 0 : expected.at(-limit)! + intervalMs;
          expected.push(Math.max(clock.now() - began, free));
        }
        await vi.runAllTimersAsync();
        expect(starts).toEqual(expected);
        expect(getEventListeners(signal, 'abort')).toEqual([]);
      },
    ),
  );
});

test('who gives up waiting leaves his turn to the next', async () => {
  const rate = new RateLimiter({ limit: 1, intervalMs: 100 }, clock);
  const began = clock.now();
  const controller = new AbortController();
  await rate.turn(signal);
  const given = [rate.turn(controller.signal), rate.turn(controller.signal)];
  const next = rate.turn(signal).then(() => clock.now() - began);
  await vi.advanceTimersByTimeAsync(50);
  controller.abort('enough');
  expect(await Promise.allSettled(given)).toEqual([
    { status: 'rejected', reason: 'enough' },
    { status: 'rejected', reason: 'enough' },
  ]);
  await vi.runAllTimersAsync();
  expect(await next).toBe(100);
});

test('goes by the clock, should a timer be early', async () => {
  let now = 0;
  const rate = new RateLimiter({ limit: 1, intervalMs: 100 }, { now: () => now });
  await rate.turn(signal);
  const onTurn = vi.fn();
  const turn = rate.turn(signal).then(onTurn);
  now = 99;
  await vi.advanceTimersByTimeAsync(100);
  expect(onTurn).not.toHaveBeenCalled();
  now = 100;
  await vi.advanceTimersByTimeAsync(1);
  await turn;
  expect(onTurn).toHaveBeenCalledOnce();
});
