import { checkInteger } from '@kortana/errors';
import { Rule } from './rule.ts';

/** A string of at least so many characters (UTF-16 units). */
export class MinLength extends Rule<string> {
  /** @param length an integer from 0 up */
  constructor(length: number) {
    checkInteger('length', length, { min: 0 });
    super({
      requirement: `must be at least ${length} ${length === 1 ? 'character' : 'characters'}`,
      test: (value) => typeof value === 'string' && value.length >= length,
      base: 'string',
    });
  }
}

/** See `MinLength`. */
export function minLength(length: number): MinLength {
  return new MinLength(length);
}
