import { expect, test } from 'vitest';
import { z } from 'zod';
import { minLength, validateType, Validator } from './index.ts';

class Animal {
  legs = 4;
}
class Dog extends Animal {}

test.for([
  ['string', ['', 'a'], [1, null, undefined, new String('a')]],
  ['number', [0, Number.NaN, Infinity], ['1', 1n]],
  ['bigint', [1n], [1]],
  ['boolean', [false], [0]],
  ['symbol', [Symbol.iterator], ['s']],
  ['undefined', [undefined], [null]],
  ['null', [null], [undefined]],
  ['object', [{}, [], new Date(), Object.create(null)], [null, () => 1, 'a']],
  ['array', [[]], [{ length: 0 }, new Uint8Array()]],
  ['function', [() => 1, Animal], [{}]],
  [Animal, [new Animal(), new Dog()], [{}, null, Animal]],
  [Dog, [new Dog()], [new Animal()]],
  [String, ['a'], [1, new String('a')]],
  [Number, [1], ['1']],
  [Boolean, [false], [0]],
  [Date, [new Date()], ['2026-01-01']],
  [z.object({ a: z.number() }), [{ a: 1 }], [{ a: 'x' }, null]],
  [minLength(2), ['ab'], ['a', null]],
  [new Validator().inRange(0, 1), [1], [2]],
] as const)('%s', ([type, good, bad]) => {
  for (const value of good) expect(validateType(value, type)).toBe(true);
  for (const value of bad) expect(validateType(value, type)).toBe(false);
});

test('refuses what is no type', () => {
  expect(() => validateType(1, 'strng' as never)).toThrow(RangeError);
  expect(() => validateType(1, 'toString' as never)).toThrow(RangeError);
  expect(() => validateType(1, null as never)).toThrow(TypeError);
  expect(() => validateType(1, (() => true) as never)).toThrow(TypeError);
});

test('what cannot be looked at is of no type', () => {
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  for (const type of ['array', 'string', Date] as const) {
    expect(validateType(proxy, type)).toBe(false);
  }
});
