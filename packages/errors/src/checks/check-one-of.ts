import { describe, expected } from './describe.ts';

/**
 * For authors of packages: gives `value` back if it is one of `allowed`, else throws a TypeError
 * (of another kind than all of them) or a RangeError.
 *
 *     checkOneOf('jitter', 'some', ['none', 'full']); // Expected `jitter` to be 'none' or 'full', got 'some'
 */
export function checkOneOf<const T>(name: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found !== undefined || allowed.includes(undefined as T)) return found as T;
  const what = expected(name, allowed.map(describe).join(' or '), value);
  throw allowed.some((one) => typeof one === typeof value)
    ? new RangeError(what)
    : new TypeError(what);
}
