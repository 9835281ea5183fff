import assert from 'node:assert/strict';
import type { MemoryStore } from '../../memory-store.ts';
import { type ContractCase, find, ids, said } from './contract-case.ts';

async function fill(store: MemoryStore, text = 'zorblax') {
  const now = Date.now();
  await store.append(said('old', text, { at: now - 10_000 }), { opId: 'a' });
  await store.append(said('s', text, { at: now - 9_000 }), { opId: 'b' });
  await store.append(said('s', text, { at: now }), { opId: 'c' });
}

export const upkeepCases: Record<string, ContractCase> = {
  'prunes by age, with the index and sessions left empty': async (store) => {
    await fill(store);
    assert.equal(await store.prune({ maxAgeMs: 5_000 }), 2);
    assert.deepEqual(await find(store, {}, ['zorblax']), ['c']);
    assert.deepEqual(
      (await store.sessions.list()).map(({ id, turns }) => [id, turns]),
      [['s', 1]],
    );
  },

  'prunes by count, oldest first': async (store) => {
    await fill(store);
    assert.equal(await store.prune({ maxTurns: 2 }), 1);
    assert.equal(await store.prune({ maxTurns: 2 }), 0);
    assert.deepEqual(await ids(store, 'old'), []);
    assert.deepEqual(await ids(store, 's'), ['b', 'c']);
  },

  'prunes by bytes, oldest first': async (store) => {
    await fill(store, 'zorblax '.repeat(1_000));
    assert.equal(await store.prune({ maxBytes: 1_000_000 }), 0);
    assert.equal(await store.prune({ maxBytes: 20_000 }), 1);
    assert.deepEqual(await ids(store, 'old'), []);
    assert.deepEqual(await ids(store, 's'), ['b', 'c']);
  },

  'counts bytes, not characters': async (store) => {
    await fill(store, '天'.repeat(3_000));
    assert.equal(await store.prune({ maxBytes: 20_000 }), 1);
  },

  'prunes nothing without a policy': async (store) => {
    await fill(store);
    assert.equal(await store.prune({}), 0);
  },

  'counts what it holds': async (store) => {
    await fill(store);
    await store.facts.put({ id: '1', userId: 'anna', text: 'x', at: 1 });
    const { bytes, ...counts } = await store.stats();
    assert.deepEqual(counts, { sessions: 2, turns: 3, facts: 1 });
    assert.ok(bytes > 0);
  },

  'answers to a ping': async (store) => {
    assert.deepEqual(await store.ping(), { ok: true, store: store.name, notices: [] });
  },
};
