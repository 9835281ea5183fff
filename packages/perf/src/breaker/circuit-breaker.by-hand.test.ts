import { describe, expect, test } from 'vitest';
import { down, makeBreaker } from '../../test/make-breaker.ts';
import { CircuitOpenError } from './circuit-open-error.ts';

describe('permits', () => {
  test('the first verdict counts', () => {
    const { breaker } = makeBreaker({ failureThreshold: 2 });
    const permit = breaker.acquire();
    permit.fail(down);
    permit.fail(down);
    permit.succeed();
    expect(breaker.failureCount).toBe(1);
    const other = breaker.acquire();
    other.release();
    other.fail(down);
    expect([breaker.state, breaker.failureCount]).toEqual(['closed', 1]);
  });

  test('release gives the place of a probe back without a verdict', () => {
    const { breaker, clock } = makeBreaker({ recoveryTimeoutMs: 10, successThreshold: 1 });
    breaker.open();
    clock.advance(10);
    const permit = breaker.acquire();
    expect(() => breaker.acquire()).toThrow(CircuitOpenError);
    permit.release();
    breaker.acquire().succeed();
    expect(breaker.state).toBe('closed');
  });

  test('an error that does not count is no verdict', () => {
    const { breaker } = makeBreaker({ failureThreshold: 1 });
    breaker.acquire().fail(new DOMException('stop', 'AbortError'));
    expect(breaker.state).toBe('closed');
    breaker.acquire().fail();
    expect(breaker.state).toBe('open');
  });
});

describe('by hand', () => {
  test('open and close', () => {
    const { breaker, clock, changes, failTimes } = makeBreaker({ recoveryTimeoutMs: 100 });
    failTimes(2);
    breaker.open('maintenance');
    clock.advance(60);
    breaker.open();
    expect(breaker.retryAfterMs).toBe(100);
    breaker.close();
    breaker.close();
    expect([breaker.state, breaker.failureCount]).toEqual(['closed', 0]);
    expect(changes.map(({ to, reason }) => [to, reason])).toEqual([
      ['open', 'maintenance'],
      ['closed', 'closed'],
    ]);
  });

  test('to open a half-open one is another opening, to open an open one is not', () => {
    const { breaker, clock } = makeBreaker({ recoveryTimeoutMs: (openCount) => 100 * openCount });
    breaker.open();
    breaker.open();
    expect(breaker.retryAfterMs).toBe(100);
    clock.advance(100);
    expect(breaker.state).toBe('half_open');
    breaker.open();
    expect([breaker.retryAfterMs, breaker.toJSON().openCount]).toEqual([200, 2]);
  });

  test('what time has brought about unnoticed comes first', () => {
    const { breaker, clock, changes } = makeBreaker({ recoveryTimeoutMs: (count) => 100 * count });
    breaker.open();
    clock.advance(150);
    breaker.open();
    expect(breaker.retryAfterMs).toBe(200);
    clock.advance(250);
    breaker.close();
    expect(changes.map(({ to, at }) => [to, at])).toEqual([
      ['open', 0],
      ['half_open', 100],
      ['open', 150],
      ['half_open', 350],
      ['closed', 400],
    ]);
  });

  test('isolation lasts as long as anyone holds it; then it is what it was', () => {
    const { breaker, failTimes, changes, clock } = makeBreaker({ recoveryTimeoutMs: 100 });
    failTimes(3);
    const one = breaker.isolate();
    const two = breaker.isolate();
    clock.advance(1e9);
    expect([breaker.state, breaker.retryAfterMs]).toEqual(['open', 0]);
    expect(() => breaker.call(() => 1)).toThrow('try again later');
    one[Symbol.dispose]();
    one[Symbol.dispose]();
    expect(breaker.state).toBe('open');
    two[Symbol.dispose]();
    expect([breaker.state, breaker.failureCount]).toEqual(['closed', 3]);
    expect(changes.map(({ reason }) => reason)).toEqual(['isolated', 'released']);
  });

  test('isolation of an open breaker ends as the state that is due by then', () => {
    const { breaker, clock } = makeBreaker({ recoveryTimeoutMs: 100 });
    breaker.open();
    {
      using _ = breaker.isolate();
      expect(breaker.retryAfterMs).toBe(100);
      clock.advance(100);
      expect(breaker.state).toBe('open');
    }
    expect(breaker.state).toBe('half_open');
  });

  test('isolation of a half-open breaker leaves no place taken', () => {
    const { breaker, clock } = makeBreaker({ recoveryTimeoutMs: 100 });
    breaker.open();
    clock.advance(100);
    breaker.acquire().succeed();
    const probe = breaker.acquire();
    breaker.isolate()[Symbol.dispose]();
    probe.fail(down);
    expect([breaker.state, breaker.successCount]).toEqual(['half_open', 1]);
    breaker.acquire().succeed();
    expect(breaker.state).toBe('closed');
  });
});
