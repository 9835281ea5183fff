import { expected } from './describe.ts';

/*
 * For authors of packages: each gives `value` back if it is of the kind, else throws a TypeError
 * that says what was expected, of which option, and what came. Defaults are filled in before:
 * `checkBoolean('fresh', options.fresh ?? false)` would take null for undefined, a destructuring
 * default (`const { fresh = false } = options`) doesn't.
 */

export function checkString(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new TypeError(expected(name, 'a string', value));
}

export function checkBoolean(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new TypeError(expected(name, 'a boolean', value));
}

export function checkFunction<T>(name: string, value: T): T {
  if (typeof value === 'function') return value;
  throw new TypeError(expected(name, 'a function', value));
}

/** For whole options objects too: `checkObject('options', options)`. */
export function checkObject<T>(name: string, value: T): T & object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new TypeError(expected(name, 'an object', value));
}

/** For ports: `checkMethods('clock', clock, ['now'])`. */
export function checkMethods<T>(name: string, value: T, methods: readonly string[]): T & object {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  if (isObject && methods.every((key) => typeof Reflect.get(value, key) === 'function')) {
    return value;
  }
  const list = methods.map((key) => `\`${key}\``).join(', ');
  const what = methods.length === 1 ? `the method ${list}` : `the methods ${list}`;
  throw new TypeError(expected(name, `an object with ${what}`, value));
}

export function checkSignal(name: string, value: unknown): AbortSignal {
  if (isSignal(value)) return value;
  throw new TypeError(expected(name, 'an AbortSignal', value));
}

// By shape, not by class: signals of other realms and of polyfills do as well.
function isSignal(value: unknown): value is AbortSignal {
  if (typeof value !== 'object' || value === null) return false;
  const { aborted, addEventListener } = value as Partial<AbortSignal>;
  return typeof aborted === 'boolean' && typeof addEventListener === 'function';
}
