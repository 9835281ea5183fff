import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffDelayMs } from './backoff.ts';

const backoff = {
  initialDelayMs: 1000,
  backoffFactor: 2,
  maxDelayMs: 60_000,
  jitter: 'none',
  random: () => 0.5,
} as const;

test('doubles from attempt to attempt up to the cap', () => {
  const delays = [1, 2, 3, 6, 7, 5000].map((attempt) => backoffDelayMs(attempt, backoff));
  expect(delays).toEqual([1000, 2000, 4000, 32_000, 60_000, 60_000]);
});

test('is no pause without an initial one, however often it was multiplied', () => {
  expect(backoffDelayMs(5000, { ...backoff, initialDelayMs: 0 })).toBe(0);
});

test('spreads as told', () => {
  expect(backoffDelayMs(1, { ...backoff, jitter: 'full' })).toBe(500);
  expect(backoffDelayMs(1, { ...backoff, jitter: 'equal' })).toBe(750);
});

test('never comes back before the far side said', () => {
  expect(backoffDelayMs(1, { ...backoff, jitter: 'full', random: () => 0 }, 3000)).toBe(3000);
});

test('gives up where the far side asks for more than the cap, and waits just that at the cap', () => {
  expect(backoffDelayMs(1, backoff, 60_000)).toBe(60_000);
  expect(backoffDelayMs(1, backoff, 60_001)).toBeUndefined();
});

test('is never NaN, negative or over the cap', () => {
  fc.assert(
    fc.property(
      fc.record({
        attempt: fc.integer({ min: 1 }),
        initialDelayMs: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
        backoffFactor: fc.double({ min: 1, noNaN: true, noDefaultInfinity: true }),
        maxDelayMs: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
        jitter: fc.constantFrom('none' as const, 'full' as const, 'equal' as const),
        roll: fc.double(),
        retryAfterMs: fc.double({ min: 0, noNaN: true }),
      }),
      ({ attempt, retryAfterMs, roll, ...rest }) => {
        const delay = backoffDelayMs(attempt, { ...rest, random: () => roll }, retryAfterMs);
        expect(delay === undefined).toBe(retryAfterMs > rest.maxDelayMs);
        expect(delay ?? retryAfterMs).toBeGreaterThanOrEqual(retryAfterMs);
        expect(delay ?? 0).toBeLessThanOrEqual(rest.maxDelayMs);
      },
    ),
  );
});
