import { expect, test } from 'vitest';
import type { SearchHit } from '../memory-store.ts';
import { fuse } from './fuse.ts';

const hits = (...ids: string[]): SearchHit[] =>
  ids.map((id, i) => ({
    turn: { id, sessionId: 's', messages: [], at: 0, kind: 'answer' },
    score: 9 - i,
  }));
const ids = (words: SearchHit[], meaning: SearchHit[]) =>
  fuse(words, meaning).map(({ turn, why }) => `${turn.id}: ${why}`);

test('puts first what both rank high', () => {
  expect(ids(hits('a', 'b', 'c'), hits('b', 'd'))).toEqual([
    'b: words and meaning',
    'a: words',
    'd: meaning',
    'c: words',
  ]);
});

test('scores 1 what is first in all rankings there are', () => {
  expect(fuse(hits('a'), hits('a'))[0]?.score).toBe(1);
  expect(fuse(hits('a'), [])[0]?.score).toBe(1);
  expect(fuse(hits('a'), hits('b'))[0]?.score).toBe(0.5);
  expect(fuse([], [])).toEqual([]);
});
