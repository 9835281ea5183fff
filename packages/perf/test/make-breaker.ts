import { expect } from 'vitest';
import type { BreakerOptions, StateChange } from '../src/breaker/breaker-options.ts';
import { CircuitBreaker } from '../src/breaker/circuit-breaker.ts';
import { manualClock } from './manual-clock.ts';

export const down = new Error('down');
export const fail = () => {
  throw down;
};
export const abort = () => {
  throw new DOMException('stop', 'AbortError');
};

/** A breaker with a clock in the test's hands, and all it told of its changes. */
export function makeBreaker(options: BreakerOptions = {}) {
  const clock = manualClock();
  const changes: StateChange[] = [];
  const onStateChange = (change: StateChange) => changes.push(change);
  const breaker = new CircuitBreaker({ name: 'test', clock, onStateChange, ...options });
  const failTimes = (times: number) => {
    for (let time = 0; time < times; time++) expect(() => breaker.call(fail)).toThrow(down);
  };
  return { breaker, clock, changes, failTimes };
}

/** A promise, its ends, and a call that gives it. */
export function deferred() {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  return { promise, resolve, reject, call: () => promise };
}
