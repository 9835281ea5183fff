import { expect, test } from 'vitest';
import { RetryBudget } from './retry-budget.ts';

function fakeClock() {
  const clock = { ms: 0, now: () => clock.ms };
  return clock;
}

function take(budget: RetryBudget): number {
  let taken = 0;
  while (budget.tryExtraCall()) taken++;
  return taken;
}

test('allows the ratio of the calls in the window, exactly', () => {
  const budget = new RetryBudget({ ratio: 0.1, minPerSecond: 0, clock: fakeClock() });
  for (let call = 0; call < 29; call++) budget.countCall();
  expect(take(budget)).toBe(2);
  budget.countCall();
  expect(take(budget)).toBe(1);
});

test('allows the minimum where the ratio gives less, and not on top of it', () => {
  const budget = new RetryBudget({
    ratio: 0.2,
    minPerSecond: 1,
    windowMs: 10_000,
    clock: fakeClock(),
  });
  expect(budget.remaining).toBe(10);
  for (let call = 0; call < 100; call++) budget.countCall();
  expect(take(budget)).toBe(20);
});

test('forgets what has left the window, also after a long idle time', () => {
  const clock = fakeClock();
  const budget = new RetryBudget({ ratio: 1, minPerSecond: 0, windowMs: 1000, clock });
  budget.countCall();
  clock.ms = 999;
  expect(budget.remaining).toBe(1);
  clock.ms = 1000;
  expect(budget.remaining).toBe(0);
  budget.countCall();
  clock.ms = 1_000_000;
  expect(budget.remaining).toBe(0);
});

test('forgets extra calls from windowMs on, and none before its time', () => {
  const clock = fakeClock();
  const budget = new RetryBudget({ ratio: 0, minPerSecond: 3, windowMs: 1000, clock });
  for (const ms of [0, 50, 300]) {
    clock.ms = ms;
    expect(budget.tryExtraCall()).toBe(true);
  }
  clock.ms = 1049;
  expect(budget.tryExtraCall()).toBe(false);
  // The first two were counted together: the earlier of them was kept a little longer.
  clock.ms = 1050;
  expect(budget.remaining).toBe(2);
  clock.ms = 1300;
  expect(budget.remaining).toBe(3);
});

test('is exact where the product of numbers isn’t', () => {
  const budget = new RetryBudget({ ratio: 0.29, minPerSecond: 0, clock: fakeClock() });
  for (let call = 0; call < 100; call++) budget.countCall();
  expect(take(budget)).toBe(29);
});

test('holds the load of an outage to 1 + ratio in every window', () => {
  const clock = fakeClock();
  const budget = new RetryBudget({ clock });
  let extra = 0;
  for (let call = 0; call < 10_000; call++) {
    clock.ms += 10;
    budget.countCall();
    // Three attempts for each, all failing.
    if (budget.tryExtraCall()) extra++;
    if (budget.tryExtraCall()) extra++;
  }
  expect(extra).toBeLessThanOrEqual(10_000 * 0.2 + 10);
  expect(extra).toBeGreaterThanOrEqual(10_000 * 0.2 * 0.9);
});

test('refuses options that make no sense', () => {
  expect(() => new RetryBudget({ ratio: -1 })).toThrow(RangeError);
  expect(() => new RetryBudget({ windowMs: 0 })).toThrow(
    'Expected `windowMs` to be a number above 0',
  );
  expect(() => new RetryBudget({ clock: {} as never })).toThrow(TypeError);
  expect(() => new RetryBudget(null as never)).toThrow('Expected `options` to be an object');
});
