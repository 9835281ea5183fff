import { expected } from './describe.ts';

/** From where to where a number may lie; both ends inclusive. */
export interface NumberBounds {
  /** The least allowed; default: none. */
  min?: number;
  /** The greatest allowed; default: none. */
  max?: number;
  /** What it must be greater than; default: nothing. */
  above?: number;
  /** Whether Infinity is allowed (“no limit”); default: false. */
  infinite?: boolean;
}

/**
 * For authors of packages: gives `value` back if it is a number within the bounds, else throws a
 * TypeError (no number) or a RangeError (NaN, Infinity, out of bounds) which says what was expected.
 *
 *     const ttlMs = checkNumber('ttlMs', options.ttlMs ?? 1000, { above: 0 });
 */
export function checkNumber(name: string, value: unknown, bounds: NumberBounds = {}): number {
  return check(name, value, bounds, isNumber, 'a number');
}

/**
 * For authors of packages: like `checkNumber`, and it must be a safe integer.
 *
 *     checkInteger('limit', 0, { min: 1 }); // Expected `limit` to be an integer from 1 up, got 0
 */
export function checkInteger(name: string, value: unknown, bounds: NumberBounds = {}): number {
  return check(name, value, bounds, Number.isSafeInteger, 'an integer');
}

const isNumber = (value: number) => !Number.isNaN(value);

function check(
  name: string,
  value: unknown,
  bounds: NumberBounds,
  isKind: (value: number) => boolean,
  kind: string,
): number {
  const { min = -Infinity, max = Infinity, above = -Infinity, infinite = false } = bounds;
  if (typeof value !== 'number') throw new TypeError(expected(name, wording(kind, bounds), value));
  if (value === Infinity && infinite) return value;
  if (Number.isFinite(value) && isKind(value) && value >= min && value <= max && value > above) {
    return value;
  }
  throw new RangeError(expected(name, wording(kind, bounds), value));
}

function wording(kind: string, { min, max, above, infinite }: NumberBounds): string {
  const words = [kind];
  if (above !== undefined) words.push(`above ${above}`);
  if (min !== undefined) words.push(max === undefined ? `from ${min} up` : `from ${min}`);
  if (max !== undefined) words.push(`to ${max}`);
  if (infinite === true) words.push('or Infinity');
  return words.join(' ');
}
