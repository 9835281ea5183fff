import { list } from '../schema/list.ts';
import { Rule } from './rule.ts';

/** One of the given values, compared as a Set does (`NaN` is itself, objects only the very same). */
export class OneOf<const T> extends Rule<T> {
  constructor(values: Iterable<T>) {
    const allowed = new Set<unknown>(values);
    if (allowed.size === 0)
      throw new RangeError('Expected `values` to have at least one, got none');
    super({
      requirement: `must be one of ${list([...allowed])}`,
      test: (value) => allowed.has(value),
      base: 'any',
    });
  }
}

/** See `OneOf`. */
export function oneOf<const T>(values: Iterable<T>): OneOf<T> {
  return new OneOf(values);
}
