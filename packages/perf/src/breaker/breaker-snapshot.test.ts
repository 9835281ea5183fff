import { describe, expect, test } from 'vitest';
import { down, fail, makeBreaker } from '../../test/make-breaker.ts';
import { manualClock } from '../../test/manual-clock.ts';
import { CircuitBreaker } from './circuit-breaker.ts';

describe('snapshots', () => {
  test('carry the time that is left, not a reading of the clock', () => {
    const { breaker, clock, failTimes } = makeBreaker({
      failureThreshold: 1,
      recoveryTimeoutMs: 100,
    });
    failTimes(1);
    clock.advance(30);
    const snapshot = JSON.parse(JSON.stringify(breaker)) as ReturnType<typeof breaker.toJSON>;
    expect(snapshot).toEqual({
      name: 'test',
      state: 'open',
      failureCount: 0,
      successCount: 0,
      openCount: 1,
      retryAfterMs: 70,
    });
    const later = manualClock(1e6);
    const restored = CircuitBreaker.fromJSON(snapshot, { clock: later, recoveryTimeoutMs: 100 });
    later.advance(69);
    expect([restored.name, restored.state]).toEqual(['test', 'open']);
    later.advance(1);
    expect(restored.state).toBe('half_open');
  });

  test('keep what was counted', () => {
    const { breaker, failTimes, clock } = makeBreaker({
      failureThreshold: 3,
      recoveryTimeoutMs: (count) => 100 * count,
    });
    failTimes(2);
    const closed = CircuitBreaker.fromJSON(breaker.toJSON(), { failureThreshold: 3 });
    expect([closed.state, closed.failureCount]).toEqual(['closed', 2]);
    failTimes(1);
    clock.advance(100);
    breaker.call(() => 1);
    const half = CircuitBreaker.fromJSON(breaker.toJSON(), { recoveryTimeoutMs: (n) => 100 * n });
    expect([half.state, half.successCount]).toEqual(['half_open', 1]);
    expect(() => half.call(fail)).toThrow(down);
    expect(half.toJSON()).toMatchObject({ state: 'open', openCount: 2 });
    expect(half.retryAfterMs).toBeGreaterThan(100);
  });

  test('leave isolation out', () => {
    const { breaker } = makeBreaker();
    using _ = breaker.isolate();
    expect(breaker.state).toBe('open');
    expect(breaker.toJSON()).toMatchObject({ state: 'closed', openCount: 0 });
  });

  test('of an open breaker that was isolated carry what it was, and its time', () => {
    const { breaker, clock } = makeBreaker({ recoveryTimeoutMs: 100 });
    breaker.open();
    using _ = breaker.isolate();
    clock.advance(40);
    expect(breaker.toJSON()).toMatchObject({ state: 'open', openCount: 1, retryAfterMs: 60 });
    clock.advance(60);
    const later = manualClock();
    const restored = CircuitBreaker.fromJSON(breaker.toJSON(), { clock: later });
    expect(restored.state).toBe('half_open');
  });

  test('of a half-open breaker leave out who was under way: its places are free', () => {
    const { breaker, clock } = makeBreaker({ recoveryTimeoutMs: 100, successThreshold: 1 });
    breaker.open();
    clock.advance(100);
    breaker.acquire();
    const restored = CircuitBreaker.fromJSON(breaker.toJSON(), { successThreshold: 1 });
    expect(restored.call(() => 1)).toBe(1);
    expect(restored.state).toBe('closed');
  });

  const open = { name: 'a', state: 'open', failureCount: 0, successCount: 0 };
  test.for([
    null,
    {},
    { name: 'a', state: 'ajar' },
    [],
    'open',
    { ...open, openCount: 0, retryAfterMs: 5 },
    { ...open, openCount: 1, retryAfterMs: -5 },
    { ...open, openCount: 1, retryAfterMs: null },
    { ...open, openCount: 1.5, retryAfterMs: 5 },
  ])('refuses what is none: %o', (snapshot) => {
    expect(() => CircuitBreaker.fromJSON(snapshot as never)).toThrow(/Expected `snapshot/);
  });

  test.for([null, 5])('refuses options that are none: %o', (options) => {
    const { breaker } = makeBreaker();
    expect(() => CircuitBreaker.fromJSON(breaker.toJSON(), options as never)).toThrow(
      'Expected `options` to be an object',
    );
  });
});
