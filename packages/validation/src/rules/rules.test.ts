import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  Email,
  email,
  InRange,
  inRange,
  MaxLength,
  maxLength,
  MinLength,
  minLength,
  NotEmpty,
  notEmpty,
  OneOf,
  oneOf,
  Pattern,
  pattern,
  type Rule,
} from '../index.ts';

const family = '👨‍👩‍👧‍👦'; // 11 UTF-16 units, 7 code points, 1 cluster

interface Case {
  rule: Rule<unknown>;
  says: string;
  good: unknown[];
  bad: unknown[];
}

const cases: [name: string, Case][] = [
  [
    'minLength',
    {
      rule: minLength(3),
      says: 'must be at least 3 characters',
      good: ['abc', 'abcd', '   ', '👍a'],
      bad: ['ab', '', '👍', 123, null, undefined, ['a', 'b', 'c'], { length: 3 }],
    },
  ],
  [
    'minLength of one',
    { rule: minLength(1), says: 'must be at least 1 character', good: ['a'], bad: [''] },
  ],
  [
    'maxLength',
    {
      rule: maxLength(11),
      says: 'must be at most 11 characters',
      good: ['', 'a'.repeat(11), family],
      bad: ['a'.repeat(12), `${family}a`, 5, null, undefined, []],
    },
  ],
  [
    'maxLength of none',
    { rule: maxLength(0), says: 'must be at most 0 characters', good: [''], bad: ['a'] },
  ],
  [
    'pattern',
    {
      rule: pattern(/^\d+$/),
      says: 'must match the expected format',
      good: ['1', '9'.repeat(10_000)],
      bad: ['', 'a1', '9'.repeat(10_001), 1, null],
    },
  ],
  [
    'pattern with a description',
    {
      rule: pattern(/^[a-z-]+$/, 'a lower-case slug'),
      says: 'must match a lower-case slug',
      good: ['a-b'],
      bad: ['A'],
    },
  ],
  [
    'pattern with a global regex',
    {
      rule: pattern(/a/g),
      says: 'must match the expected format',
      good: ['a', 'a', 'ba', 'a'],
      bad: ['b'],
    },
  ],
  [
    'pattern with a sticky regex',
    {
      rule: pattern(/a/y),
      says: 'must match the expected format',
      good: ['a', 'ab', 'a'],
      bad: ['ba'],
    },
  ],
  [
    'notEmpty',
    {
      rule: notEmpty(),
      says: 'must not be empty',
      good: [
        'a',
        ' a ',
        0,
        false,
        Number.NaN,
        0n,
        [0],
        { a: 1 },
        new Map([[1, 1]]),
        new Set([1]),
        new Date(),
        () => 1,
        new Uint8Array(1),
      ],
      bad: [
        '',
        ' \n\t',
        null,
        undefined,
        [],
        {},
        Object.create(null),
        new Map(),
        new Set(),
        new Uint8Array(),
      ],
    },
  ],
  [
    'inRange',
    {
      rule: inRange(0, 150),
      says: 'must be between 0 and 150',
      good: [0, -0, 75.5, 150],
      bad: [-Number.MIN_VALUE, 150.000_1, Number.NaN, Infinity, '5', 5n, null, undefined],
    },
  ],
  [
    'inRange with an open end',
    {
      rule: inRange(1, Infinity),
      says: 'must be at least 1',
      good: [1, 1e300],
      bad: [0, Infinity],
    },
  ],
  [
    'inRange with an open begin',
    {
      rule: inRange(-Infinity, 1),
      says: 'must be at most 1',
      good: [1, -1e300],
      bad: [2, -Infinity],
    },
  ],
  [
    'inRange with both open',
    {
      rule: inRange(-Infinity, Infinity),
      says: 'must be a number',
      good: [1],
      bad: [Infinity, '1'],
    },
  ],
  [
    'oneOf',
    {
      rule: oneOf(['red', 'green', 7, null]),
      says: 'must be one of red, green, 7, null',
      good: ['red', 'green', 7, null],
      bad: ['blue', '7', undefined, 'redgreen'],
    },
  ],
  [
    'email',
    {
      rule: email(),
      says: 'must be a valid email address',
      good: [
        'a@b.de',
        'first.last+tag@sub.example.co.uk',
        "o'hara@example.org",
        'x_1@ex-ample.museum',
        `${'a'.repeat(64)}@b.de`,
      ],
      bad: [
        '',
        'a',
        '@b.de',
        'a@',
        'a@b',
        'a b@c.de',
        'a@b..de',
        'a..b@c.de',
        '.a@b.de',
        'a.@b.de',
        'a@-b.de',
        'a@b-.de',
        'a@b.d',
        'a@@b.de',
        'a@b.de\n',
        'a@b.de ',
        'a@b.1',
        `${'a'.repeat(65)}@b.de`,
        `a@${'b.'.repeat(126)}de`,
        null,
        undefined,
        1,
      ],
    },
  ],
];

describe.for(cases)('%s', ([, { rule, says, good, bad }]) => {
  test('lets what is good through, in each of its guises', () => {
    for (const value of good) {
      expect(rule.validate(value)).toBe(true);
      expect(rule.schema.safeParse(value)).toEqual({ success: true, data: value });
      expect(rule['~standard'].validate(value)).toEqual({ value });
    }
  });

  test('refuses what is bad, in the same words in each of its guises', () => {
    const message = `value ${says}`;
    expect(rule.requirement).toBe(says);
    expect(rule.errorMessage).toBe(message);
    for (const value of bad) {
      expect(rule.validate(value)).toBe(false);
      expect(rule.schema.safeParse(value).error?.issues).toMatchObject([{ message, path: [] }]);
      expect(rule['~standard'].validate(value)).toMatchObject({ issues: [{ message }] });
    }
  });

  test('stands as it is where zod takes a schema, and is called by its place there', () => {
    const schema = z.object({ who: z.object({ x: rule }), list: z.array(z.optional(rule)) });
    expect(schema.safeParse({ who: { x: good[0] }, list: [undefined, good[0]] }).success).toBe(
      true,
    );
    const { error } = schema.safeParse({ who: { x: bad[0] }, list: [bad[0]] });
    const messages = error?.issues.map((issue) => issue.message);
    expect(messages).toEqual(
      bad[0] === undefined ? [`who.x ${says}`] : [`who.x ${says}`, `list.0 ${says}`],
    );
    expect(rule).toBeInstanceOf(z.ZodType);
  });
});

test('a function makes a rule of its class', () => {
  expect(minLength(1)).toBeInstanceOf(MinLength);
  expect(maxLength(1)).toBeInstanceOf(MaxLength);
  expect(pattern(/a/)).toBeInstanceOf(Pattern);
  expect(notEmpty()).toBeInstanceOf(NotEmpty);
  expect(inRange(0, 1)).toBeInstanceOf(InRange);
  expect(oneOf([1])).toBeInstanceOf(OneOf);
  expect(email()).toBeInstanceOf(Email);
});

test('the zod schema of a rule is made once', () => {
  const rule = minLength(3);
  expect(rule.schema).toBe(rule.schema);
});

test('a pattern leaves the regex of the user alone', () => {
  const regex = /a/g;
  pattern(regex).validate('xxa');
  expect(regex.lastIndex).toBe(0);
});

test('a pattern that takes exponential time is not tried on long texts', () => {
  expect(pattern(/^(a+)+$/).validate(`${'a'.repeat(10_001)}!`)).toBe(false);
});

test.for([
  [() => minLength(-1), RangeError],
  [() => minLength(1.5), RangeError],
  [() => minLength('3' as never), TypeError],
  [() => maxLength(Number.NaN), RangeError],
  [() => pattern('a' as never), TypeError],
  [() => pattern(/a/, 1 as never), TypeError],
  [() => inRange(2, 1), RangeError],
  [() => inRange(Number.NaN, 1), RangeError],
  [() => inRange('0' as never, 1), TypeError],
  [() => oneOf([]), RangeError],
] as const)('%#: a rule that cannot be is refused when it is made', ([make, kind]) => {
  expect(make).toThrow(kind);
});

const megabyte = 1_000_000;
test.for([
  ['letters', 'a'.repeat(megabyte)],
  ['blanks', ' '.repeat(megabyte)],
  ['dots', 'a@' + 'a.'.repeat(megabyte / 2)],
  ['dashes', `a@${'a-'.repeat(megabyte / 2)}`],
  ['signs', '@'.repeat(megabyte)],
] as const)('a megabyte of %s is judged by every rule', ([, text]) => {
  const rules = [
    minLength(3),
    maxLength(10),
    pattern(/^(a+)+$/),
    notEmpty(),
    inRange(0, 1),
    oneOf(['a']),
    email(),
  ];
  expect(rules.map((rule) => rule.validate(text))).toEqual([
    true,
    false,
    false,
    text[0] !== ' ',
    false,
    false,
    false,
  ]);
});

test('an item of a list at the root is called by its place in the value', () => {
  const { error } = z.array(minLength(2)).safeParse(['ab', 'a']);
  expect(error?.issues[0]?.message).toBe('value.1 must be at least 2 characters');
});

test('what cannot be looked at is bad', () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const rules = [
    minLength(1),
    maxLength(1),
    pattern(/a/),
    notEmpty(),
    inRange(0, 1),
    oneOf([1]),
    email(),
  ];
  expect(
    rules.filter((rule) => rule.validate(proxy) || rule.schema.safeParse(proxy).success),
  ).toEqual([]);
});
