import { expect, test, vi } from 'vitest';
import { Watchers } from './watchers.ts';

test('keeps nothing of a key whose last watcher stopped or was told', () => {
  const watchers = new Watchers<string>();
  const [one, two] = [vi.fn<() => void>(), vi.fn<() => void>()];
  const stops = [watchers.add('a', one), watchers.add('a', two)];
  stops[0]!();
  expect(watchers.size).toBe(1);
  watchers.written('a');
  expect([one.mock.calls.length, two.mock.calls.length, watchers.size]).toEqual([0, 1, 0]);
  const stop = watchers.add('a', one);
  for (const late of stops) late();
  expect(watchers.size).toBe(1);
  stop();
  expect(watchers.size).toBe(0);
});
