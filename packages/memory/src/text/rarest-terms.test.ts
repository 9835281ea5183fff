import { expect, test } from 'vitest';
import { rarestTerms } from './rarest-terms.ts';

const of = (counts: Record<string, number>, all: number) =>
  rarestTerms(
    Object.entries(counts).map(([term, turns]) => ({ term, turns })),
    all,
  );

test('keeps the rarest eight, rarest first', () => {
  const counts = Object.fromEntries('jihgfedcba'.split('').map((term, i) => [term, 10 - i]));
  expect(of(counts, 1_000)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
});

test('leaves out what occurs nowhere, and what is in more than a fifth of all', () => {
  expect(of({ none: 0, rare: 3, often: 200, common: 201 }, 1_000)).toEqual(['rare', 'often']);
});

test('keeps the rarest however common it is, and common ones among few turns', () => {
  expect(of({ the: 900, of: 950 }, 1_000)).toEqual(['the']);
  expect(of({ the: 49, of: 50, and: 51 }, 60)).toEqual(['the', 'of']);
});

test('takes no more than matches 4,000 turns together', () => {
  expect(of({ a: 1_000, b: 1_500, c: 1_500, d: 1_501 }, 100_000)).toEqual(['a', 'b', 'c']);
});
