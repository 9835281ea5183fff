import { describe, expect, test } from 'vitest';
import { abort, deferred, down, makeBreaker } from '../../test/make-breaker.ts';
import { warningsDuring } from '../../test/warnings.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { CircuitOpenError } from './circuit-open-error.ts';

describe('recovery', () => {
  const options = { failureThreshold: 1, recoveryTimeoutMs: 100 };

  test('probes pass from the recovery timeout on, not before', () => {
    const { breaker, failTimes, clock, changes } = makeBreaker(options);
    failTimes(1);
    clock.advance(99.9);
    expect(() => breaker.call(() => 1)).toThrow(CircuitOpenError);
    clock.advance(0.1);
    expect(breaker.call(() => 1)).toBe(1);
    expect(changes.at(-1)).toMatchObject({ from: 'open', to: 'half_open', at: 100 });
  });

  test('to wait retryAfterMs is enough, also with fractions of milliseconds, which timers cut off', () => {
    for (let start = 0; start < 100; start++) {
      const { breaker, failTimes, clock } = makeBreaker({ ...options, recoveryTimeoutMs: 9.3 });
      clock.advance(start * 0.37);
      failTimes(1);
      clock.advance(start * 0.09);
      expect(breaker.retryAfterMs - (9.3 - start * 0.09)).toBeLessThan(1);
      clock.advance(Math.trunc(breaker.retryAfterMs));
      expect(breaker.call(() => 1)).toBe(1);
    }
  });

  test('to wait retryAfterMs is enough also where the sum of both is rounded down', () => {
    let now = 16.31529730894421;
    const breaker = new CircuitBreaker({ clock: { now: () => now }, recoveryTimeoutMs: 100 });
    breaker.open();
    now = 45.3152973089442;
    now += breaker.retryAfterMs;
    expect(breaker.state).toBe('half_open');
  });

  test('good probes close it: the last but one does not, the last does', () => {
    const { breaker, failTimes, clock, changes } = makeBreaker({ ...options, successThreshold: 3 });
    failTimes(1);
    clock.advance(100);
    breaker.call(() => 1);
    breaker.call(() => 1);
    expect([breaker.state, breaker.successCount]).toEqual(['half_open', 2]);
    breaker.call(() => 1);
    expect([breaker.state, breaker.successCount]).toEqual(['closed', 0]);
    expect(changes.at(-1)).toMatchObject({ to: 'closed', reason: 'probes-succeeded' });
  });

  test('a failed probe opens it again', () => {
    const { breaker, failTimes, clock, changes } = makeBreaker(options);
    failTimes(1);
    clock.advance(100);
    failTimes(1);
    expect(breaker.state).toBe('open');
    expect(breaker.retryAfterMs).toBe(100);
    expect(changes.at(-1)).toMatchObject({ from: 'half_open', to: 'open', reason: 'probe-failed' });
  });

  test('so many probes run at a time, the rest are refused at once', async () => {
    const { breaker, failTimes, clock } = makeBreaker({
      ...options,
      halfOpenMaxCalls: 2,
      successThreshold: 3,
    });
    failTimes(1);
    clock.advance(100);
    const probes = [deferred(), deferred()];
    const results = probes.map(({ call }) => breaker.call(call));
    expect(() => breaker.call(() => 1)).toThrow('try again later');
    probes[0]!.resolve(1);
    await results[0];
    expect(breaker.call(() => 1)).toBe(1);
    expect(breaker.successCount).toBe(2);
    probes[1]!.resolve(1);
    await results[1];
    expect(breaker.state).toBe('closed');
  });

  test('an error that does not count is no good probe, and gives its place back', () => {
    const { breaker, failTimes, clock } = makeBreaker({ ...options, successThreshold: 1 });
    failTimes(1);
    clock.advance(100);
    expect(() => breaker.call(abort)).toThrow('stop');
    expect([breaker.state, breaker.successCount]).toEqual(['half_open', 0]);
    breaker.call(() => 1);
    expect(breaker.state).toBe('closed');
  });

  test('the pause may grow with each opening, and starts anew after closing', () => {
    const asked: number[] = [];
    const { breaker, failTimes, clock } = makeBreaker({
      failureThreshold: 1,
      successThreshold: 1,
      probeTimeoutMs: 1,
      recoveryTimeoutMs: (openCount) => {
        asked.push(openCount);
        return 100 * 2 ** (openCount - 1);
      },
    });
    failTimes(1);
    expect(breaker.retryAfterMs).toBe(100);
    clock.advance(100);
    failTimes(1);
    expect(breaker.retryAfterMs).toBe(200);
    clock.advance(200);
    failTimes(1);
    expect(breaker.retryAfterMs).toBe(400);
    clock.advance(400);
    breaker.call(() => 1);
    failTimes(1);
    expect(breaker.retryAfterMs).toBe(100);
    expect(asked).toEqual([1, 2, 3, 1]);
  });

  test('a pause that is a function is asked once for each opening; its probes have as long', () => {
    const asked: number[] = [];
    const { breaker, failTimes, clock } = makeBreaker({
      failureThreshold: 1,
      recoveryTimeoutMs: (openCount) => {
        asked.push(openCount);
        return 100 * openCount;
      },
    });
    failTimes(1);
    clock.advance(100);
    failTimes(1);
    clock.advance(200);
    breaker.acquire();
    clock.advance(199);
    expect(breaker.state).toBe('half_open');
    clock.advance(1);
    expect([breaker.state, breaker.retryAfterMs, asked]).toEqual(['open', 300, [1, 2, 3]]);
  });

  test.for([
    () => Number.NaN,
    () => -1,
    () => 'soon' as unknown as number,
    () => {
      throw new Error('broken');
    },
  ])('a pause that makes no sense is a minute, and reported', async (recoveryTimeoutMs) => {
    const { breaker, failTimes } = makeBreaker({ failureThreshold: 1, recoveryTimeoutMs });
    const warnings = await warningsDuring(() => failTimes(1));
    expect(breaker.retryAfterMs).toBe(60_000);
    expect(warnings).toEqual([expect.stringContaining('recoveryTimeoutMs')]);
  });

  test('a recovery timeout of 0 lets the next call through', () => {
    const { breaker, failTimes } = makeBreaker({ failureThreshold: 1, recoveryTimeoutMs: 0 });
    failTimes(1);
    expect(breaker.state).toBe('half_open');
    expect(breaker.call(() => 1)).toBe(1);
  });
});

describe('a hung probe', () => {
  const options = { failureThreshold: 1, recoveryTimeoutMs: 100, probeTimeoutMs: 30 };

  test('gives its place back as a failure once its time is over', () => {
    const { breaker, failTimes, clock, changes } = makeBreaker(options);
    failTimes(1);
    clock.advance(100);
    breaker.call(deferred().call);
    clock.advance(29.9);
    expect(breaker.state).toBe('half_open');
    clock.advance(0.1);
    expect([breaker.state, breaker.retryAfterMs]).toEqual(['open', 100]);
    expect(changes.at(-1)).toMatchObject({ to: 'open', reason: 'probe-timeout', at: 130 });
  });

  test('found out late, is dated when it was due: a caller after an idle hour is the next probe', () => {
    const { breaker, failTimes, clock } = makeBreaker({ ...options, successThreshold: 1 });
    failTimes(1);
    clock.advance(100);
    breaker.call(deferred().call);
    clock.advance(3_600_000);
    expect(breaker.call(() => 1)).toBe(1);
    expect(breaker.state).toBe('closed');
  });

  test('does not hold up the others for longer than its lease', async () => {
    const { breaker, failTimes, clock } = makeBreaker(options);
    failTimes(1);
    clock.advance(100);
    const hung = deferred();
    const result = breaker.call(hung.call);
    clock.advance(130);
    breaker.call(() => 1);
    expect(breaker.successCount).toBe(1);
    hung.reject(down);
    await expect(result).rejects.toBe(down);
    expect([breaker.state, breaker.successCount]).toEqual(['half_open', 1]);
  });

  test('has as long as the recovery timeout by default', () => {
    const { breaker, failTimes, clock } = makeBreaker({
      failureThreshold: 1,
      recoveryTimeoutMs: 100,
    });
    failTimes(1);
    clock.advance(100);
    breaker.acquire();
    clock.advance(99);
    expect(breaker.state).toBe('half_open');
    clock.advance(1);
    expect(breaker.state).toBe('open');
  });
});

describe('verdicts of an earlier period change nothing', () => {
  const options = { failureThreshold: 1, recoveryTimeoutMs: 100, successThreshold: 2 };

  test('a late failure does not open a half-open breaker again', async () => {
    const { breaker, failTimes, clock } = makeBreaker(options);
    const late = deferred();
    const result = breaker.call(late.call);
    failTimes(1);
    clock.advance(100);
    breaker.call(() => 1);
    late.reject(down);
    await expect(result).rejects.toBe(down);
    expect([breaker.state, breaker.successCount]).toEqual(['half_open', 1]);
  });

  test('a late success closes nothing', async () => {
    const { breaker, failTimes, clock } = makeBreaker({ ...options, successThreshold: 1 });
    const late = deferred();
    const result = breaker.call(late.call);
    failTimes(1);
    clock.advance(100);
    expect(breaker.state).toBe('half_open');
    late.resolve(1);
    await result;
    expect([breaker.state, breaker.successCount]).toEqual(['half_open', 0]);
  });

  test('a late failure does not count once it has closed again', async () => {
    const { breaker, failTimes, clock } = makeBreaker({ ...options, successThreshold: 1 });
    const late = deferred();
    const result = breaker.call(late.call);
    failTimes(1);
    clock.advance(100);
    breaker.call(() => 1);
    late.reject(down);
    await expect(result).rejects.toBe(down);
    expect([breaker.state, breaker.failureCount]).toEqual(['closed', 0]);
  });

  test('nor does one from before an isolation', async () => {
    const { breaker } = makeBreaker(options);
    const late = deferred();
    const result = breaker.call(late.call);
    breaker.isolate()[Symbol.dispose]();
    late.reject(down);
    await expect(result).rejects.toBe(down);
    expect([breaker.state, breaker.failureCount]).toEqual(['closed', 0]);
  });
});
