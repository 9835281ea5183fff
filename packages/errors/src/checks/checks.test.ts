import { expect, test } from 'vitest';
import {
  checkBoolean,
  checkFunction,
  checkInteger,
  checkMethods,
  checkNumber,
  checkObject,
  checkOneOf,
  checkSignal,
  checkString,
} from '../index.ts';

test('gives back what is right', () => {
  expect(checkInteger('n', 1, { min: 1 })).toBe(1);
  expect(checkInteger('n', 9, { min: 1, max: 9 })).toBe(9);
  expect(checkNumber('n', 0.5, { above: 0 })).toBe(0.5);
  expect(checkNumber('n', Infinity, { infinite: true })).toBe(Infinity);
  expect(checkInteger('n', Infinity, { infinite: true })).toBe(Infinity);
  expect(checkString('s', '')).toBe('');
  expect(checkBoolean('b', false)).toBe(false);
  expect(checkFunction('f', Math.abs)).toBe(Math.abs);
  expect(checkOneOf('o', 'a', ['a', 'b'])).toBe('a');
  const { signal } = new AbortController();
  expect(checkSignal('signal', signal)).toBe(signal);
  expect(checkMethods('clock', performance, ['now'])).toBe(performance);
});

test.for([
  [
    () => checkInteger('limit', 0, { min: 1 }),
    RangeError,
    'Expected `limit` to be an integer from 1 up, got 0',
  ],
  [
    () => checkInteger('limit', 1.5, { min: 1 }),
    RangeError,
    'Expected `limit` to be an integer from 1 up, got 1.5',
  ],
  [
    () => checkInteger('limit', 11, { min: 1, max: 10 }),
    RangeError,
    'Expected `limit` to be an integer from 1 to 10, got 11',
  ],
  [
    () => checkInteger('limit', Number.NaN),
    RangeError,
    'Expected `limit` to be an integer, got NaN',
  ],
  [() => checkInteger('limit', '5'), TypeError, "Expected `limit` to be an integer, got '5'"],
  [
    () => checkInteger('limit', 2 ** 53),
    RangeError,
    'Expected `limit` to be an integer, got 9007199254740992',
  ],
  [
    () => checkNumber('ttlMs', 0, { above: 0 }),
    RangeError,
    'Expected `ttlMs` to be a number above 0, got 0',
  ],
  [
    () => checkNumber('ttlMs', -0, { above: 0 }),
    RangeError,
    'Expected `ttlMs` to be a number above 0, got -0',
  ],
  [
    () => checkNumber('ttlMs', Infinity),
    RangeError,
    'Expected `ttlMs` to be a number, got Infinity',
  ],
  [
    () => checkNumber('ttlMs', -Infinity, { infinite: true }),
    RangeError,
    'Expected `ttlMs` to be a number or Infinity, got -Infinity',
  ],
  [() => checkNumber('ttlMs', null), TypeError, 'Expected `ttlMs` to be a number, got null'],
  [() => checkNumber('ttlMs', 5n), TypeError, 'Expected `ttlMs` to be a number, got a bigint'],
  [() => checkString('name', {}), TypeError, 'Expected `name` to be a string, got an object'],
  [() => checkBoolean('fresh', 1), TypeError, 'Expected `fresh` to be a boolean, got 1'],
  [
    () => checkFunction('key', undefined as unknown),
    TypeError,
    'Expected `key` to be a function, got undefined',
  ],
  [
    () => checkObject('options', [] as unknown),
    TypeError,
    'Expected `options` to be an object, got an array',
  ],
  [
    () => checkMethods('clock', Date.now, ['now']),
    TypeError,
    'Expected `clock` to be an object with the method `now`, got a function',
  ],
  [
    () => checkSignal('signal', {}),
    TypeError,
    'Expected `signal` to be an AbortSignal, got an object',
  ],
  [
    () => checkOneOf('jitter', 'some', ['none', 'full']),
    RangeError,
    "Expected `jitter` to be 'none' or 'full', got 'some'",
  ],
  [
    () => checkOneOf('jitter', 1, ['none', 'full']),
    TypeError,
    "Expected `jitter` to be 'none' or 'full', got 1",
  ],
  [
    () => checkInteger('limit', 'x'.repeat(21)),
    TypeError,
    'Expected `limit` to be an integer, got a string of 21 characters',
  ],
] as const)('%#: says what was expected, and what came', ([check, kind, message]) => {
  expect(check).toThrow(kind);
  expect(check).toThrow(new kind(message));
});
