import assert from 'node:assert/strict';
import type { ContractCase } from './contract-case.ts';

const fact = (id: string, userId: string, at: number) => ({ id, userId, text: `fact ${id}`, at });

export const factCases: Record<string, ContractCase> = {
  'lists the facts of a user, newest first': async (store) => {
    await store.facts.put(fact('1', 'anna', 1));
    await store.facts.put(fact('2', 'anna', 2));
    await store.facts.put(fact('3', 'ben', 3));
    assert.deepEqual(await store.facts.list({ userId: 'anna' }), [
      fact('2', 'anna', 2),
      fact('1', 'anna', 1),
    ]);
    assert.deepEqual(await store.facts.list({ userId: 'anna', limit: 1 }), [fact('2', 'anna', 2)]);
    assert.deepEqual(await store.facts.list({ userId: 'nobody' }), []);
  },

  'replaces a fact of the same id': async (store) => {
    await store.facts.put(fact('1', 'anna', 1));
    await store.facts.put({ ...fact('1', 'anna', 9), text: 'new' });
    assert.deepEqual(await store.facts.list({ userId: 'anna' }), [
      { id: '1', userId: 'anna', text: 'new', at: 9 },
    ]);
  },

  'tells whether there was a fact to delete': async (store) => {
    await store.facts.put(fact('1', 'anna', 1));
    assert.equal(await store.facts.delete('1'), true);
    assert.equal(await store.facts.delete('1'), false);
    assert.deepEqual(await store.facts.list({ userId: 'anna' }), []);
  },
};
