import { describe, expect, test } from 'vitest';
import { warningsDuring } from '../../test/warnings.ts';
import { systemClock } from '../clock/clock.ts';
import { turnClock } from '../clock/turn-clock.ts';
import { type BreakerOptions, checkedBreakerOptions, type ErrorClass } from './breaker-options.ts';

const countsOf = (expectedException: BreakerOptions['expectedException']) =>
  checkedBreakerOptions({ expectedException }).counts;

describe('which errors count', () => {
  test.for([
    ['a DOMException', new DOMException('stop', 'AbortError'), false],
    [
      'Node’s own',
      Object.assign(new Error('stop'), { name: 'AbortError', code: 'ABORT_ERR' }),
      false,
    ],
    ['by its code', Object.assign(new Error('stop'), { code: 'ABORT_ERR' }), false],
    ['a timeout', new DOMException('late', 'TimeoutError'), true],
    ['undefined', undefined, true],
    ['null', null, true],
    ['a text', 'AbortError', true],
  ] as const)('all but aborts: %s', ([, error, counts]) => {
    expect(countsOf(undefined)(error)).toBe(counts);
    expect(countsOf(Error)(error)).toBe(counts && error instanceof Error);
  });

  test('one that can’t be read counts, and nothing is thrown', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const hostile = Object.defineProperty(new Error('x'), 'name', {
      get: () => {
        throw new Error('name');
      },
    });
    for (const error of [proxy, hostile]) expect(countsOf(undefined)(error)).toBe(true);
  });

  test('a class or predicate that throws, or rejects, is reported; then all but aborts do', async () => {
    class Broken extends Error {
      static override [Symbol.hasInstance](): boolean {
        throw new Error('broken class');
      }
    }
    const rejecting = (() => Promise.reject(new Error('rejected'))) as unknown as () => boolean;
    const warnings = await warningsDuring(() => {
      expect(countsOf(Broken as ErrorClass)(new Error('x'))).toBe(true);
      expect(countsOf(rejecting)(new Error('x'))).toBeTruthy();
    });
    expect(warnings).toEqual([
      expect.stringContaining('broken class'),
      expect.stringContaining('rejected'),
    ]);
  });
});

test('with slow calls the default clock is read each time: else no sync call would be slow', () => {
  const slowCalls = { durationMs: 5, threshold: 1, minimumCalls: 1, windowMs: 1000 };
  expect(checkedBreakerOptions({ slowCalls }).clock).toBe(systemClock);
  expect(checkedBreakerOptions({}).clock).toBe(turnClock);
});
