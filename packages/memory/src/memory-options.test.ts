import { expect, test } from 'vitest';
import { inMemoryStore } from './in-memory/in-memory-store.ts';
import { Memory } from './memory.ts';

const store = inMemoryStore();

test.each([
  [null, TypeError, 'options'],
  [{ store: null }, TypeError, 'store'],
  [{ store, recall: null }, TypeError, 'recall'],
  [{ store, recall: { deadlineMs: null } }, TypeError, 'recall.deadlineMs'],
  [{ store, recall: { deadlineMs: Infinity } }, RangeError, 'recall.deadlineMs'],
  [{ store, recall: { searchDeadlineMs: 151 } }, RangeError, 'recall.searchDeadlineMs'],
  [{ store, record: 5 }, TypeError, 'record'],
  [{ store, outbox: 'x' }, TypeError, 'outbox'],
  [{ store, outbox: { maxBytes: 0 } }, RangeError, 'outbox.maxBytes'],
  [{ store, retention: null }, TypeError, 'policy'],
  [{ store, mask: true }, TypeError, 'mask'],
  [{ store, embeddings: {} }, TypeError, 'embeddings'],
  [{ store, timeoutMs: Number.NaN }, RangeError, 'timeoutMs'],
  [{ store, onEvent: null }, TypeError, 'onEvent'],
])('refuses %j', (options, kind, name) => {
  const make = () => new Memory(options as never);
  expect(make).toThrow(kind);
  expect(make).toThrow(`Expected \`${name}\` to be`);
});

test('takes undefined for the default everywhere, and frozen options', () => {
  const none = Object.freeze({
    deadlineMs: undefined,
    maxTurns: undefined,
    budgetTokens: undefined,
  });
  const options = { store, recall: none, record: none, outbox: none, mask: undefined };
  const rest = { timeoutMs: undefined, retention: undefined, embeddings: undefined };
  expect(
    () => new Memory(Object.freeze({ ...options, ...rest, onEvent: undefined })),
  ).not.toThrow();
});
