import assert from 'node:assert/strict';
import type { MemoryStore, Scope } from '../../memory-store.ts';
import { type ContractCase, said } from './contract-case.ts';

const near = async (store: MemoryStore, scope: Scope, vector: number[], model = 'm') =>
  (await store.vectors!.search(scope, { model, vector, k: 10 })).map(({ turn }) => turn.id);

/** Of stores that keep vectors; the others pass. */
export const vectorCases: Record<string, ContractCase> = {
  'finds the nearest vectors of a model, within its scope': async (store) => {
    if (!(await store.vectors?.available())) return;
    await store.append(said('s1', 'x', { userId: 'anna' }), { opId: 'a' });
    await store.append(said('s2', 'y', { userId: 'anna' }), { opId: 'b' });
    await store.append(said('s3', 'z', { userId: 'ben' }), { opId: 'c' });
    await store.vectors!.put('m', [
      { sessionId: 's1', id: 'a', vector: [1, 0] },
      { sessionId: 's2', id: 'b', vector: [0.6, 0.8] },
      { sessionId: 's3', id: 'c', vector: [0, 1] },
    ]);
    assert.deepEqual(await near(store, {}, [0, 2]), ['c', 'b', 'a']);
    assert.deepEqual(await near(store, { userId: 'anna' }, [1, 0]), ['a', 'b']);
    assert.deepEqual(await near(store, { sessionId: 's2' }, [1, 0]), ['b']);
    assert.deepEqual(await near(store, {}, [1, 0], 'another'), []);
  },

  'names the turns without a vector, newest first': async (store) => {
    if (!(await store.vectors?.available())) return;
    for (const id of ['a', 'b', 'c']) await store.append(said('s', id), { opId: id });
    await store.append(said('s', 'd', { kind: 'partial' }), { opId: 'd' });
    await store.vectors!.put('m', [{ sessionId: 's', id: 'b', vector: [1] }]);
    const missing = async (model: string, limit: number) =>
      (await store.vectors!.missing(model, limit)).map(({ id }) => id);
    assert.deepEqual(await missing('m', 10), ['c', 'a']);
    assert.deepEqual(await missing('m', 1), ['c']);
    assert.deepEqual(await missing('another', 10), ['c', 'b', 'a']);
  },

  'replaces a vector, ignores one without a turn, loses it with its turn': async (store) => {
    if (!(await store.vectors?.available())) return;
    await store.append(said('s', 'x'), { opId: 'a' });
    await store.append(said('s', 'y'), { opId: 'b' });
    await store.vectors!.put('m', [{ sessionId: 's', id: 'a', vector: [1, 0] }]);
    await store.vectors!.put('m', [
      { sessionId: 's', id: 'a', vector: [0, 1] },
      { sessionId: 's', id: 'b', vector: [1, 0] },
      { sessionId: 's', id: 'none', vector: [1, 0] },
    ]);
    assert.deepEqual(await near(store, {}, [1, 0]), ['b', 'a']);
    await store.sessions.delete('s');
    assert.deepEqual(await near(store, {}, [1, 0]), []);
  },
};
