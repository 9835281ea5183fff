import * as asynchronous from '@kortana/async';
import * as errors from '@kortana/errors';
import * as perf from '@kortana/perf';
import * as validation from '@kortana/validation';
import { expect, test } from 'vitest';
import * as utils from './index.ts';

const parts: Record<string, object> = { errors, perf, async: asynchronous, validation };

test.for(Object.entries(parts))('has all of %s, and the very same', ([, part]) => {
  expect(Object.keys(part)).not.toEqual([]);
  for (const [name, value] of Object.entries(part)) expect(Reflect.get(utils, name)).toBe(value);
});

test('no two parts export one name, which would drop it from here', () => {
  const names = Object.values(parts).flatMap((part) => Object.keys(part));
  expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
});

test('has nothing of its own', () => {
  const names = Object.values(parts).flatMap((part) => Object.keys(part));
  expect(Object.keys(utils).toSorted()).toEqual(names.toSorted());
});
