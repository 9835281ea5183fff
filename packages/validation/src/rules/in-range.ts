import { checkNumber } from '@kortana/errors';
import { Rule } from './rule.ts';

/** A finite number from `min` to `max`, both inclusive; either may be infinite. */
export class InRange extends Rule<number> {
  constructor(min: number, max: number) {
    // −Infinity is no option that `checkNumber` knows; any other number below is one.
    if (min !== -Infinity) checkNumber('min', min, { infinite: true });
    checkNumber('max', max, { min, infinite: true });
    super({
      requirement: words(min, max),
      test: (value) =>
        typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max,
      base: 'number',
    });
  }
}

/** See `InRange`. */
export function inRange(min: number, max: number): InRange {
  return new InRange(min, max);
}

function words(min: number, max: number): string {
  if (min === -Infinity) return max === Infinity ? 'must be a number' : `must be at most ${max}`;
  return max === Infinity ? `must be at least ${min}` : `must be between ${min} and ${max}`;
}
