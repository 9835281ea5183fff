import { isDeepStrictEqual } from 'node:util';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stableKey } from './stable-key.ts';

describe('text', () => {
  test('of a single string is the string', () => {
    expect(stableKey('a "plain" string\n')).toBe('a "plain" string\n');
    expect(stableKey('')).toBe('');
    expect(stableKey('~x')).toBe('~"~x"');
  });

  test('of all else can be read', () => {
    expect(stableKey()).toBe('~()');
    expect(stableKey('user', 7, true, null, undefined, 1n, -0)).toBe(
      '~("user",7,true,null,undefined,1n,-0)',
    );
    expect(stableKey({ b: 1, a: [new Set([2, 1])] })).toBe('~{"a":[Set(1,2)],"b":1}');
    expect(stableKey(new Map([['k', /x/g]]))).toBe('~Map("k":RegExp("x",g,0))');
    expect(stableKey(new Date(5), Symbol.for('s'), Symbol.iterator)).toBe(
      '~(Date(5),Symbol.for("s"),Symbol.iterator)',
    );
  });
});

const holes = (length: number) => {
  const array: unknown[] = [];
  array.length = length;
  return array;
};

/** The same value made anew: fields and members in reverse order, nothing shared. */
function remade(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    copy.length = value.length;
    for (const index of Object.keys(value)) copy[Number(index)] = remade(value[Number(index)]);
    return copy;
  }
  if (value instanceof Map) {
    return new Map([...value].toReversed().map(([key, item]) => [remade(key), remade(item)]));
  }
  if (value instanceof Set) return new Set([...value].toReversed().map(remade));
  if (prototype !== Object.prototype && prototype !== null) return structuredClone(value);
  const copy = Object.create(prototype) as Record<string, unknown>;
  for (const [key, item] of Object.entries(value).toReversed()) {
    Object.defineProperty(copy, key, {
      value: remade(item),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return copy;
}

const anything = fc.anything({
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
  key: fc.oneof(fc.constantFrom('a', 'b', '__proto__', '"', ','), fc.string({ maxLength: 2 })),
  values: [
    fc.constantFrom<unknown>(
      0,
      -0,
      1,
      '1',
      1n,
      true,
      'true',
      null,
      undefined,
      'null',
      '',
      Number.NaN,
    ),
    fc.string({ unit: 'binary', maxLength: 3 }),
    fc.double(),
  ],
});

describe('equal values', () => {
  test('have equal keys, however they were made', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(stableKey(remade(value))).toBe(stableKey(value));
        expect(stableKey(value, value)).toBe(stableKey(value, remade(value)));
      }),
      { numRuns: 500 },
    );
  });

  test('have equal keys however they share parts', () => {
    const part = { x: [1] };
    expect(stableKey([part, part])).toBe(stableKey([{ x: [1] }, { x: [1] }]));
    expect(stableKey({ a: part, b: { c: part } })).toBe(
      stableKey({ b: { c: { x: [1] } }, a: { x: [1] } }),
    );
  });

  test('have equal keys also when they come from another realm', () => {
    expect(stableKey(runInNewContext('({ b: [1, { c: 2 }], a: 1 })'))).toBe(
      stableKey({ a: 1, b: [1, { c: 2 }] }),
    );
  });
});

describe('other values', () => {
  test('have other keys', () => {
    fc.assert(
      fc.property(
        fc.array(anything, { maxLength: 3 }),
        fc.array(anything, { maxLength: 3 }),
        (a, b) => {
          expect(stableKey(...a) === stableKey(...b)).toBe(isDeepStrictEqual(a, b));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('have other keys, every one of a list of those that are easily mixed up', () => {
    const withField = Object.assign(new Date(0), { a: 1 });
    const listWithField = Object.assign([1], { a: 1 });
    const different: unknown[][] = [
      [],
      [undefined],
      [null],
      [[]],
      [{}],
      [''],
      [0],
      [-0],
      ['0'],
      [0n],
      [false],
      ['false'],
      ['null'],
      ['undefined'],
      [Number.NaN],
      ['NaN'],
      [Infinity],
      [-Infinity],
      [[undefined]],
      [holes(1)],
      [[null]],
      [holes(2)],
      ['a', 'b'],
      [['a', 'b']],
      ['a,b'],
      ['"a","b"'],
      ['~("a","b")'],
      ['~'],
      ['~0'],
      ['a'],
      ['~"a"'],
      [{ a: undefined }],
      [{ a: null }],
      [{ 'a":1,"b': 2 }],
      [{ a: 1, b: 2 }],
      [{ __proto__: null }],
      [JSON.parse('{"__proto__":null}')],
      [new Map()],
      [new Set()],
      [new Map([['a', 1]])],
      [{ a: 1 }],
      [new Map([[{ a: 1 }, 1]])],
      [new Set(['a', 1])],
      [new Set([['a', 1]])],
      [[['a', 1]]],
      [new Date(0)],
      [new Date(Number.NaN)],
      [withField],
      [new Date(0).toISOString()],
      [/a/],
      [/a/g],
      [/a\/,g/],
      ['/a/'],
      [new String('a')],
      [new Number(0)],
      [new Boolean(false)],
      [Object(0n)],
      [new Uint8Array([1])],
      [new Int8Array([1])],
      [Buffer.from([1])],
      [new Float32Array([1])],
      [new Float64Array([0])],
      [new Float64Array([-0])],
      [new BigInt64Array([1n])],
      [[1]],
      [listWithField],
      [new Uint8Array([1]).buffer],
      [new DataView(new Uint8Array([1]).buffer)],
      [new SharedArrayBuffer(1)],
      [Symbol.for('a')],
      [Symbol.for('Symbol.iterator')],
      [Symbol.iterator],
      [{ [Symbol.for('a')]: 1 }],
      [new URL('http://a/')],
      ['http://a/'],
      ['\ud800'],
      ['\\ud800'],
      ['\u0000'],
    ];
    const keys = different.map((values) => stableKey(...values));
    expect(new Set(keys).size).toBe(different.length);
  });
});

describe('cycles', () => {
  const ring = (
    length: number,
    at = (index: number) => ({ index: index % 2 }) as Record<string, unknown>,
  ) => {
    const nodes = Array.from({ length }, (_, index) => at(index));
    for (const [index, node] of nodes.entries()) node['next'] = nodes[(index + 1) % length];
    return nodes[0]!;
  };
  const plain = () => ({}) as Record<string, unknown>;

  test('have keys, equal ones for values that can not be told apart', () => {
    const keys = [1, 2, 3, 7].map((length) => stableKey(ring(length, plain)));
    expect(new Set(keys).size).toBe(1);
    expect(stableKey(ring(2))).toBe(stableKey(ring(6)));
    const unrolled = { index: 0, next: { index: 1, next: ring(2) } };
    expect(stableKey(unrolled)).toBe(stableKey(ring(4)));
  });

  test('have other keys for others', () => {
    const inList: unknown[] = [];
    inList.push(inList);
    const inMap = new Map<string, unknown>();
    inMap.set('next', inMap);
    const inSet = new Set<unknown>();
    inSet.add(inSet);
    const twice: unknown[] = [];
    twice.push(twice, twice);
    const deep: unknown[] = [[]];
    (deep[0] as unknown[]).push(deep, deep);
    const different = [
      ring(1, plain),
      ring(1),
      ring(2),
      ring(2, (i) => ({ index: 1 - i })),
      inList,
      inMap,
      inSet,
      twice,
      deep,
      [inList, 1],
      [ring(2)],
      { a: ring(2) },
      { b: ring(2) },
      [{}, ring(2)],
    ];
    const keys = different.map((value) => stableKey(value));
    expect(new Set(keys).size).toBe(different.length);
    expect(stableKey(inList, 1)).not.toBe(stableKey([inList, 1]));
  });

  test('do not depend on the order in which they are walked through', () => {
    const tangle = (order: string[]) => {
      const nodes = new Map(order.map((name) => [name, plain()]));
      const link = (from: string, field: string, to: string) =>
        (nodes.get(from)![field] = nodes.get(to));
      for (const name of order) {
        link(name, 'self', name);
        link(name, 'first', 'a');
        nodes.get(name)!['name'] = name === 'c' ? 'b' : name;
      }
      link('a', 'other', 'b');
      nodes.get('b')!['all'] = new Set(order.map((name) => nodes.get(name)));
      return nodes.get('a')!;
    };
    expect(stableKey(tangle(['a', 'b', 'c', 'd']))).toBe(stableKey(tangle(['d', 'c', 'b', 'a'])));
  });
});

test.for([
  ['a function', () => 1],
  ['a local symbol', Symbol('x')],
  ['a local symbol that borrows a name', Symbol('Symbol.iterator')],
  ['a local symbol as a key', { [Symbol('x')]: 1 }],
  [
    'an instance of a class',
    new (class Account {
      owner = 'me';
    })(),
  ],
  ['an instance of a class that extends a known one', new (class extends Map {})()],
  ['a list of a class of its own', new (class List extends Array {})()],
  ['a promise', Promise.resolve()],
  ['a WeakMap', new WeakMap()],
  ['an error', new Error('x')],
] as const)('%s has no key: a TypeError says so', ([, value]) => {
  for (const inside of [value, [value], { a: value }, new Map([[1, value]])]) {
    expect(() => stableKey(inside)).toThrow(TypeError);
    expect(() => stableKey(inside)).toThrow(/^Expected a value that has a key, got/);
  }
});

test('the error names the class, where it has one', () => {
  expect(() => stableKey(new WeakMap())).toThrow('got an object of the class WeakMap');
  const nameless = Object.create(Object.create(null) as object) as object;
  expect(() => stableKey(nameless)).toThrow('got an object of the class unknown');
});
