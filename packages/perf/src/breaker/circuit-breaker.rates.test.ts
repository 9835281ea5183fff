import { describe, expect, test } from 'vitest';
import { abort, deferred, makeBreaker } from '../../test/make-breaker.ts';
import { CircuitOpenError } from './circuit-open-error.ts';

describe('failure rate', () => {
  const failureRate = { threshold: 0.5, minimumCalls: 4, windowMs: 1000 };
  const options = { failureThreshold: 99, failureRate };
  const succeed = () => 1;

  test('opens at the threshold, not below, and not with fewer calls than the minimum', () => {
    const { breaker, failTimes, changes } = makeBreaker(options);
    failTimes(1);
    breaker.call(succeed);
    failTimes(1);
    expect(breaker.state).toBe('closed');
    breaker.call(succeed);
    expect(breaker.state).toBe('open');
    expect(changes.at(-1)).toMatchObject({ reason: 'failure-rate' });
  });

  test('stays closed below the threshold', () => {
    const { breaker, failTimes } = makeBreaker(options);
    for (let time = 0; time < 6; time++) breaker.call(succeed);
    failTimes(5);
    expect(breaker.state).toBe('closed');
    failTimes(1);
    expect(breaker.state).toBe('open');
  });

  test('forgets what has run out, to the millisecond', () => {
    const { breaker, failTimes, clock } = makeBreaker(options);
    failTimes(3);
    clock.advance(1000);
    failTimes(1);
    expect(breaker.state).toBe('closed');
    clock.advance(999);
    failTimes(3);
    expect(breaker.state).toBe('open');
  });

  test('one failure after an idle hour opens nothing', () => {
    const { breaker, failTimes, clock } = makeBreaker(options);
    failTimes(3);
    clock.advance(3_600_000);
    failTimes(1);
    expect(breaker.state).toBe('closed');
  });

  test('errors that do not count are no samples', () => {
    const { breaker, failTimes } = makeBreaker(options);
    for (let time = 0; time < 99; time++) expect(() => breaker.call(abort)).toThrow('stop');
    failTimes(3);
    breaker.call(succeed);
    expect(breaker.state).toBe('open');
  });

  test('the count in a row opens it by itself all the same', () => {
    const { breaker, failTimes } = makeBreaker({ ...options, failureThreshold: 2 });
    failTimes(2);
    expect(breaker.state).toBe('open');
  });

  test('the window starts anew at each change of state', () => {
    const { breaker, failTimes, clock } = makeBreaker({
      ...options,
      recoveryTimeoutMs: 10,
      successThreshold: 1,
    });
    failTimes(4);
    clock.advance(10);
    breaker.call(succeed);
    failTimes(3);
    expect(breaker.state).toBe('closed');
  });
});

describe('slow calls', () => {
  const slowCalls = { durationMs: 100, threshold: 0.5, minimumCalls: 2, windowMs: 1000 };

  test('open it by their share: 99.9 ms is not slow, 100 is', () => {
    const { breaker, clock, changes } = makeBreaker({ slowCalls });
    const take = (ms: number) => {
      const permit = breaker.acquire();
      clock.advance(ms);
      permit.succeed();
    };
    take(99.9);
    take(99.9);
    take(100);
    expect(breaker.state).toBe('closed');
    take(100);
    expect(breaker.state).toBe('open');
    expect(changes.at(-1)).toMatchObject({ reason: 'slow-calls' });
  });

  test('those still running count from the moment on that they are slow', () => {
    const { breaker, clock, changes } = makeBreaker({ slowCalls, recoveryTimeoutMs: 5000 });
    breaker.call(deferred().call);
    clock.advance(50);
    breaker.call(deferred().call);
    clock.advance(99.9);
    expect(breaker.state).toBe('closed');
    clock.advance(1000.1);
    expect(() => breaker.call(() => 1)).toThrow(CircuitOpenError);
    expect(changes).toMatchObject([{ to: 'open', at: 150, reason: 'slow-calls' }]);
  });

  test('a slow call is counted once, and its success still is a success', async () => {
    const { breaker, clock, failTimes } = makeBreaker({
      slowCalls: { ...slowCalls, minimumCalls: 3 },
      failureThreshold: 2,
    });
    failTimes(1);
    const slow = deferred();
    const result = breaker.call(slow.call);
    clock.advance(100);
    expect(breaker.state).toBe('closed');
    slow.resolve(1);
    await result;
    expect([breaker.state, breaker.failureCount]).toEqual(['closed', 0]);
  });

  test('ones that end without a verdict do not count', () => {
    const { breaker, clock } = makeBreaker({ slowCalls });
    for (let time = 0; time < 9; time++) breaker.acquire().release();
    clock.advance(100);
    expect(breaker.state).toBe('closed');
  });

  test('a sync call that takes long counts as well', () => {
    const { breaker, clock } = makeBreaker({ slowCalls });
    breaker.call(() => clock.advance(100));
    breaker.call(() => clock.advance(100));
    expect(breaker.state).toBe('open');
  });
});
