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
