import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inspectText, sanitizeText } from '../index.ts';

const none = { control: 0, bidi: 0, invisible: 0, surrogates: 0 };

describe('takes out', () => {
  test.for([
    [
      'C0 controls but line feed, tab and return',
      'a\0\u0007b\nc\td\re\u001B',
      'ab\nc\td\re',
      { control: 3 },
    ],
    ['DEL and C1 controls', 'a\u007Fb\u0080c\u0085\u009Fd', 'abcd', { control: 4 }],
    [
      'overrides, embeddings and isolates',
      'a\u202Ab\u202B\u202C\u202D\u202Ec\u2066\u2067\u2068\u2069d',
      'abcd',
      { bidi: 9 },
    ],
    ['tags, counted in code points', `a\u{E0000}\u{E0041}\u{E007F}b`, 'ab', { invisible: 3 }],
    ['invisible operators', 'a\u2061\u2062\u2063\u2064b', 'ab', { invisible: 4 }],
    ['byte order marks', '\uFEFFa\uFEFFb', 'ab', { invisible: 2 }],
    ['lone surrogates', 'a\uD83Db\uDE00c', 'abc', { surrogates: 2 }],
    [
      'both halves of a pair with something between',
      'a\uD83D\0\uDE00b',
      'ab',
      { surrogates: 2, control: 1 },
    ],
  ] as const)('%s', ([, text, clean, removed]) => {
    expect(inspectText(text)).toEqual({
      text: clean,
      removed: { ...none, ...removed },
      truncated: false,
    });
    expect(sanitizeText(text)).toBe(clean);
  });
});

describe('keeps', () => {
  test.for([
    ['a family', '👨‍👩‍👧‍👦'],
    ['a flag and a skin tone', '🇩🇪 👋🏽'],
    ['Persian with ZWNJ', 'می‌خواهم'],
    ['Hindi with ZWJ', 'क्‍ष'],
    ['Sinhala', 'ශ්‍රී'],
    ['zero width space, word joiner and marks of direction', 'a\u200Bb\u2060c\u200Ed\u200Fe'],
    ['variation selectors', '❤️'],
    ['decomposed letters, not composed', 'e\u0301'],
    ['composed letters, not decomposed', '\u00E9'],
    ['line ends', 'a\r\nb'],
  ])('%s', ([, text]) => {
    expect(inspectText(text!)).toEqual({ text, removed: none, truncated: false });
  });
});

test('trims both ends unless told', () => {
  expect(sanitizeText(' \n a b\t ')).toBe('a b');
  expect(sanitizeText(' a ', { trim: false })).toBe(' a ');
  expect(sanitizeText('\0 a \0')).toBe('a');
});

test('keeps 10 000 units, and cuts what is more', () => {
  expect(inspectText('a'.repeat(10_000)).truncated).toBe(false);
  expect(inspectText('a'.repeat(10_001))).toEqual({
    text: 'a'.repeat(10_000),
    removed: none,
    truncated: true,
  });
  expect(inspectText('\0'.repeat(20_000)).truncated).toBe(false);
});

test.for([
  ['👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 21, '👨‍👩‍👧‍👦'],
  ['👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 22, '👨‍👩‍👧‍👦👨‍👩‍👧‍👦'],
  ['👨‍👩‍👧‍👦', 10, ''],
  ['🇩🇪🇫🇷', 7, '🇩🇪'],
  ['ae\u0301', 2, 'a'],
  ['a\r\nb', 2, 'a'],
  ['ab', 0, ''],
  ['a bc', 2, 'a'],
] as const)('%#: cuts between clusters', ([text, maxLength, cut]) => {
  expect(sanitizeText(text, { maxLength })).toBe(cut);
});

const clusters = new Intl.Segmenter('und', { granularity: 'grapheme' });
const pieces = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '👨‍👩‍👧‍👦',
    '🇩🇪',
    'می‌خواهم',
    'क्‍ष',
    ' ',
    '\r\n',
    '\u0301',
    '\u200D',
    '\uD83D',
    '\uDE00',
    '\u202E',
    '\u{E0041}',
    '\0',
    '\uFEFF',
    '\u0600',
  ),
);
const texts = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''));
const limits = fc.integer({ min: 0, max: 30 });

test('to clean twice changes nothing, and no text gets longer', () => {
  fc.assert(
    fc.property(texts, limits, fc.boolean(), (text, maxLength, trim) => {
      const once = inspectText(text, { maxLength, trim });
      expect(once.text.length).toBeLessThanOrEqual(Math.min(text.length, maxLength));
      expect(once.text.isWellFormed()).toBe(true);
      expect(inspectText(once.text, { maxLength, trim })).toEqual({
        text: once.text,
        removed: none,
        truncated: false,
      });
    }),
  );
});

test('never ends inside a cluster', () => {
  fc.assert(
    fc.property(texts, limits, (text, maxLength) => {
      const options = { trim: false };
      const whole = sanitizeText(text, options);
      const cut = sanitizeText(text, { ...options, maxLength });
      const ends = new Set([0]);
      for (const { index, segment } of clusters.segment(whole)) ends.add(index + segment.length);
      expect(whole.startsWith(cut)).toBe(true);
      expect(ends.has(cut.length)).toBe(true);
      // The longest that fits.
      const longest = Math.max(...[...ends].filter((end) => end <= maxLength));
      expect(cut).toHaveLength(longest);
    }),
  );
});

test('counts exactly what it took out', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const { text: clean, removed } = inspectText(text, { trim: false });
      const gone = Object.values(removed).reduce((sum, count) => sum + count, 0);
      expect(Array.from(clean)).toHaveLength(Array.from(text).length - gone);
    }),
  );
});

test('refuses what is no text, or no option', () => {
  expect(() => sanitizeText(null as never)).toThrow(TypeError);
  expect(() => sanitizeText('a', { maxLength: -1 })).toThrow(RangeError);
  expect(() => sanitizeText('a', { maxLength: '5' as never })).toThrow(TypeError);
  expect(() => sanitizeText('a', { trim: 1 as never })).toThrow(TypeError);
  expect(sanitizeText('a', { maxLength: undefined, trim: undefined })).toBe('a');
});

test.for(['a', '\0', ' ', '\u0301', '👨‍', '\uD800', '\r\n'])('cleans megabytes: %#', (piece) => {
  expect(sanitizeText(piece.repeat(2_000_000)).length).toBeLessThanOrEqual(10_000);
});
