import { Rule } from './rule.ts';

/** Anything but null and undefined. */
export type Something = object | string | number | bigint | boolean | symbol;

/**
 * Something: not undefined, null, a blank string (nothing but white space), an empty array, Map, Set
 * or typed array, nor an object without fields. `0`, `false` and `NaN` are something.
 */
export class NotEmpty extends Rule<Something> {
  constructor() {
    super({ requirement: 'must not be empty', test: isSomething, base: 'any' });
  }
}

/** See `NotEmpty`. */
export function notEmpty(): NotEmpty {
  return new NotEmpty();
}

function isSomething(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === 'string') return /\S/.test(value);
  if (typeof value !== 'object') return true;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map || value instanceof Set) return value.size > 0;
  if (ArrayBuffer.isView(value)) return value.byteLength > 0;
  return !isPlain(value) || Object.keys(value).length > 0;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
