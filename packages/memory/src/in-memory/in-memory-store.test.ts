import { expect, test } from 'vitest';
import { storeContract } from '../testing/store-contract.ts';
import { inMemoryStore } from './in-memory-store.ts';

test.each(storeContract(() => inMemoryStore()))('$name', async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});

const turn = { sessionId: 's', messages: [{ role: 'user' as const, content: 'Hi' }] };

test('drops the oldest turn for one too many', async () => {
  const store = inMemoryStore({ maxTurns: 2 });
  for (const opId of ['a', 'b', 'c']) await store.append(turn, { opId });
  const { turns } = (await store.sessions.export('s'))!;
  expect(turns.map(({ id }) => id)).toEqual(['b', 'c']);
});

test('refuses a bound that is none', () => {
  expect(() => inMemoryStore({ maxTurns: 0 })).toThrow(
    new RangeError('Expected `maxTurns` to be an integer from 1 up, got 0'),
  );
});

test('finds a user’s turns, and those of a session that became theirs, as long as they are there', async () => {
  const store = inMemoryStore({ maxTurns: 3 });
  const append = (sessionId: string, opId: string, userId?: string) =>
    store.append({ ...turn, sessionId, userId }, { opId });
  const found = async (scope: { sessionId?: string; userId?: string }) =>
    (await store.search(scope, { terms: ['hi'], k: 9 })).map(({ turn: { id } }) => id).sort();
  await append('s', 'a');
  expect(await found({ userId: 'anna' })).toEqual([]);
  expect(await found({ userId: 'anna', sessionId: 's' })).toEqual(['a']);
  await append('s', 'b', 'anna');
  await append('t', 'c', 'ben');
  expect(await found({ userId: 'anna' })).toEqual(['a', 'b']);
  expect(await found({ userId: 'ben', sessionId: 's' })).toEqual(['c']);
  await append('s', 'd');
  expect(await found({ userId: 'anna' })).toEqual(['b', 'd']);
  await store.deleteUser('anna');
  expect(await found({ userId: 'anna' })).toEqual([]);
  expect(await found({})).toEqual(['c']);
  await store.close();
  expect(await found({})).toEqual([]);
});
