import assert from 'node:assert/strict';
import type { SessionFilter } from '../../memory-store.ts';
import { type ContractCase, find, ids, said } from './contract-case.ts';

export const sessionCases: Record<string, ContractCase> = {
  'lists sessions, the one last written to first': async (store) => {
    await store.append(said('s1', 'x', { userId: 'anna', at: 100 }), { opId: 'a' });
    await store.append(said('s2', 'x', { userId: 'anna', at: 200 }), { opId: 'a' });
    await store.append(said('s3', 'x', { userId: 'ben', at: 300 }), { opId: 'a' });
    await store.append(said('s1', 'x', { userId: 'anna', at: 400 }), { opId: 'b' });
    assert.deepEqual(await store.sessions.list({ userId: 'anna' }), [
      { id: 's1', userId: 'anna', archived: false, createdAt: 100, updatedAt: 400, turns: 2 },
      { id: 's2', userId: 'anna', archived: false, createdAt: 200, updatedAt: 200, turns: 1 },
    ]);
    const list = async (filter?: SessionFilter) =>
      (await store.sessions.list(filter)).map(({ id }) => id);
    assert.deepEqual(await list(), ['s1', 's3', 's2']);
    assert.deepEqual(await list({ limit: 1, offset: 1 }), ['s3']);
  },

  'renames and archives, and tells whether there was a session': async (store) => {
    await store.append(said('s', 'x'), { opId: 'a' });
    assert.equal(await store.sessions.rename('s', 'Trip to Rome'), true);
    assert.equal(await store.sessions.archive('s', true), true);
    assert.equal(await store.sessions.rename('none', 'x'), false);
    assert.equal(await store.sessions.archive('none', true), false);
    assert.deepEqual(await store.sessions.list(), []);
    const [session] = await store.sessions.list({ archived: true });
    assert.equal(session?.title, 'Trip to Rome');
    assert.equal((await store.sessions.list({ archived: 'all' })).length, 1);
    await store.sessions.archive('s', false);
    assert.equal((await store.sessions.list()).length, 1);
  },

  'exports a session with all its turns in order': async (store) => {
    await store.append(said('s', 'one', { at: 1 }), { opId: 'a' });
    await store.append(said('s', 'two', { at: 2, kind: 'partial' }), { opId: 'b' });
    const dump = await store.sessions.export('s');
    assert.equal(dump?.session.id, 's');
    assert.deepEqual(
      dump?.turns.map(({ id, kind }) => [id, kind]),
      [
        ['a', 'answer'],
        ['b', 'partial'],
      ],
    );
    assert.equal(await store.sessions.export('none'), undefined);
  },

  'deletes a session with all that is found of it': async (store) => {
    await store.append(said('s', 'zorblax'), { opId: 'a' });
    await store.append(said('other', 'zorblax'), { opId: 'b' });
    assert.equal(await store.sessions.delete('s'), true);
    assert.equal(await store.sessions.delete('s'), false);
    assert.deepEqual(await ids(store, 's'), []);
    assert.deepEqual(await find(store, {}, ['zorblax']), ['b']);
    await store.append(said('s', 'anew'), { opId: 'a' });
    assert.deepEqual(await ids(store, 's'), ['a']);
  },

  'deletes all of a user and nothing of others': async (store) => {
    await store.append(said('s1', 'zorblax', { userId: 'anna' }), { opId: 'a' });
    await store.append(said('s1', 'zorblax'), { opId: 'b' });
    await store.append(said('s2', 'zorblax', { userId: 'ben' }), { opId: 'c' });
    await store.facts.put({ id: '1', userId: 'anna', text: 'x', at: 1 });
    await store.facts.put({ id: '2', userId: 'ben', text: 'y', at: 1 });
    assert.deepEqual(await store.deleteUser('anna'), { sessions: 1, turns: 2, facts: 1 });
    assert.deepEqual(await store.deleteUser('anna'), { sessions: 0, turns: 0, facts: 0 });
    assert.deepEqual(await find(store, {}, ['zorblax']), ['c']);
    assert.equal((await store.facts.list({ userId: 'ben' })).length, 1);
  },
};
