import { checkInteger } from '@kortana/errors';
import { Rule } from './rule.ts';

/** A string of at most so many characters (UTF-16 units). */
export class MaxLength extends Rule<string> {
  /** @param length an integer from 0 up */
  constructor(length: number) {
    checkInteger('length', length, { min: 0 });
    super({
      requirement: `must be at most ${length} ${length === 1 ? 'character' : 'characters'}`,
      test: (value) => typeof value === 'string' && value.length <= length,
      base: 'string',
    });
  }
}

/** See `MaxLength`. */
export function maxLength(length: number): MaxLength {
  return new MaxLength(length);
}
