import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { findPostgres, whyNot } from '../../test/postgres-server.ts';
import { startRelay } from '../../test/relay.ts';
import { Memory } from '../memory.ts';
import type { MemoryEvent } from '../memory-event.ts';
import { postgresStore, type PostgresStoreOptions } from './postgres-store.ts';

const server = await findPostgres();
afterAll(() => server?.end());

const wide = { maxTokens: 1_000_000, maxMessages: 1_000_000 };
const turn = (text: string) => ({
  sessionId: 's',
  messages: [{ role: 'user' as const, content: text }],
});

/** A store behind a line that can be cut. */
async function behindRelay(options: Partial<PostgresStoreOptions> = {}) {
  const relay = await startRelay(server!.host, server!.port);
  onTestFinished(() => relay.end());
  const url = new URL(server!.connectionString);
  url.hostname = '127.0.0.1';
  url.port = String(relay.port);
  const schema = server!.newSchema();
  const store = postgresStore({ connectionString: url.href, schema, ...options });
  onTestFinished(() => store.close());
  const ids = async () => (await store.window({ sessionId: 's' }, wide)).map(({ id }) => id);
  return { relay, store, schema, ids };
}

describe.skipIf(server === undefined)(`faults of Postgres${whyNot(server)}`, () => {
  test('gone at the start: the chat goes on, and catches up when it is there', async () => {
    const { relay, store, ids } = await behindRelay();
    relay.mode = 'refuse';
    const events: MemoryEvent[] = [];
    const memory = new Memory({ store, onEvent: (event) => events.push(event) });
    expect(await memory.record(turn('one'), { opId: 'a' })).toBe('queued');
    expect(await memory.record(turn('two'), { opId: 'b' })).toBe('queued');
    const { messages, degraded } = await memory.recall({ sessionId: 's', query: '?' });
    expect(messages.map(({ content }) => content)).toEqual(['one', 'two']);
    expect(degraded).toEqual([expect.objectContaining({ part: 'memory.window', reason: 'error' })]);
    expect(await memory.ping()).toMatchObject({ ok: false, code: 'MEMORY_UNREACHABLE' });
    relay.mode = 'pass';
    expect(await memory.flush({ timeoutMs: 25_000 })).toEqual({ queued: 0 });
    expect(events.map(({ type }) => type)).toEqual(['behind', 'caughtUp']);
    expect(await ids()).toEqual(['a', 'b']);
    expect((await memory.ping()).ok).toBe(true);
    await memory.close();
  });

  test('where no server listens, that is what is said', async () => {
    const store = postgresStore({ connectionString: 'postgres://nobody:secret@127.0.0.1:1/none' });
    const health = await store.ping();
    expect(health).toMatchObject({ ok: false, code: 'MEMORY_UNREACHABLE' });
    expect(JSON.stringify(health)).not.toContain('secret');
    await store.close();
  });

  test('an answer cut off in mid-transaction is asked for again, and nothing is doubled', async () => {
    const { relay, store, ids } = await behindRelay();
    await store.append(turn('one'), { opId: 'a' });
    relay.mode = 'mute';
    const appending = store.append(turn('two'), { opId: 'b' });
    while (relay.open > 0) await new Promise((resolve) => void setImmediate(resolve));
    relay.mode = 'pass';
    await appending;
    await store.append(turn('two'), { opId: 'b' });
    expect(await ids()).toEqual(['a', 'b']);
  });

  test('while every answer is cut off, it says that it can’t be reached', async () => {
    const { relay, store, ids } = await behindRelay();
    await store.append(turn('one'), { opId: 'a' });
    relay.mode = 'mute';
    await expect(store.append(turn('two'), { opId: 'b' })).rejects.toMatchObject({
      name: 'MemoryError',
      code: 'MEMORY_UNREACHABLE',
      recoverable: true,
    });
    relay.mode = 'pass';
    await store.append(turn('two'), { opId: 'b' });
    expect(await ids()).toEqual(['a', 'b']);
  });

  test('connections killed by the server or on the way are replaced unseen', async () => {
    const { relay, store, ids } = await behindRelay();
    await store.append(turn('one'), { opId: 'a' });
    await server!.run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'kortana' AND pid <> pg_backend_pid()`);
    await store.append(turn('two'), { opId: 'b' });
    relay.cut();
    await store.append(turn('three'), { opId: 'c' });
    expect(await ids()).toEqual(['a', 'b', 'c']);
  });

  test('a connection killed in mid-transaction: all of it is done anew, or nothing', async () => {
    const { store, schema } = await behindRelay();
    for (const opId of ['a', 'b']) await store.append({ ...turn('x'), userId: 'anna' }, { opId });
    await store.facts.put({ id: '1', userId: 'anna', text: 'x', at: 1 });
    // It waits for the fact, the session being deleted already.
    await server!.run(`BEGIN; SELECT FROM ${schema}.fact FOR UPDATE`);
    const deleted = store.deleteUser('anna');
    const kill = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid)) AND pg_stat_clear_snapshot() IS NOT NULL`;
    while ((await server!.run(kill)).length === 0);
    expect(await server!.run(`SELECT FROM ${schema}.session`)).toHaveLength(1);
    await server!.run('COMMIT');
    expect(await deleted).toEqual({ sessions: 1, turns: 2, facts: 1 });
    expect(await store.stats()).toMatchObject({ sessions: 0, turns: 0, facts: 0 });
  });

  test('slow: answers are held up by the deadline at most, and statements end by themselves', async () => {
    const { relay, store, ids } = await behindRelay({
      statementTimeoutMs: 200,
      connectTimeoutMs: 200,
    });
    const memory = new Memory({ store, recall: { deadlineMs: 50 }, record: { deadlineMs: 50 } });
    expect(await memory.record(turn('one'), { opId: 'a' })).toMatch(/stored|queued/);
    await memory.flush({ timeoutMs: 25_000 });
    relay.mode = 'stall';
    expect(await memory.record(turn('two'), { opId: 'b' })).toBe('queued');
    const { messages, degraded } = await memory.recall({ sessionId: 's', query: '?' });
    expect(messages).toHaveLength(2);
    expect(degraded).toEqual([
      expect.objectContaining({ part: 'memory.window', reason: 'timeout' }),
    ]);
    await expect(store.stats()).rejects.toMatchObject({ code: 'MEMORY_UNREACHABLE' });
    relay.mode = 'pass';
    expect(await memory.flush({ timeoutMs: 25_000 })).toEqual({ queued: 0 });
    expect(await ids()).toEqual(['a', 'b']);
    await memory.close();
  });

  test('two processes begin one schema at once', async () => {
    const schema = server!.newSchema();
    const { connectionString } = server!;
    const stores = [1, 2, 3].map(() => postgresStore({ connectionString, schema }));
    await Promise.all(stores.map((store, i) => store.append(turn('x'), { opId: `${i}` })));
    expect(await stores[0]!.window({ sessionId: 's' }, wide)).toHaveLength(3);
    await Promise.all(stores.map((store) => store.close()));
  });

  test('a schema of a newer version is left alone', async () => {
    const { store, schema } = await behindRelay();
    await server!.run(
      `CREATE SCHEMA ${schema}; COMMENT ON SCHEMA ${schema} IS 'kortana memory 99'`,
    );
    const refusal = { code: 'MEMORY_NEWER_FORMAT', recoverable: false };
    await expect(store.append(turn('x'), { opId: 'a' })).rejects.toMatchObject(refusal);
    // Nor is anybody kept from it by a transaction left open.
    const { connectionString } = server!;
    const other = postgresStore({ connectionString, schema });
    await expect(other.append(turn('x'), { opId: 'a' })).rejects.toMatchObject(refusal);
    await other.close();
  });

  test('a schema of the first version is brought to the present one', async () => {
    const { store, schema, ids } = await behindRelay();
    await store.append(turn('before'), { opId: 'a' });
    await store.close();
    await server!.run(`ALTER TABLE ${schema}.turn DROP COLUMN tokens;
      COMMENT ON SCHEMA ${schema} IS 'kortana memory 1'`);
    const anew = postgresStore({ connectionString: server!.connectionString, schema });
    onTestFinished(() => anew.close());
    await anew.append(turn('after'), { opId: 'b' });
    expect((await anew.window({ sessionId: 's' }, wide)).map(({ id }) => id)).toEqual(['a', 'b']);
    await expect(ids()).rejects.toMatchObject({ code: 'MEMORY_CLOSED' });
  });

  test('what the database never takes is dropped, and holds up nobody', async () => {
    const { store } = await behindRelay();
    const memory = new Memory({ store, record: { deadlineMs: 30_000 } });
    // Too long for an index, also when packed.
    const sessionId = Array.from({ length: 1_000 }, () => randomUUID()).join('');
    expect(await memory.record({ ...turn('x'), sessionId }, { opId: 'long' })).toBe('dropped');
    expect(await memory.record(turn('x'))).toBe('stored');
    await memory.close();
  });

  test('large pictures don’t push older turns out of the window', async () => {
    const { store, ids } = await behindRelay();
    const url = `data:image/png;base64,${'A'.repeat(100_000)}`;
    const messages = [{ role: 'user' as const, content: [{ type: 'image' as const, url }] }];
    for (const opId of ['a', 'b', 'c']) await store.append({ sessionId: 's', messages }, { opId });
    expect(await ids()).toEqual(['a', 'b', 'c']);
    const limits = { maxTokens: 1_700, maxMessages: 100 };
    expect(await store.window({ sessionId: 's' }, limits)).toHaveLength(2);
  });

  test('removes more turns than it does at once', async () => {
    const { store, schema } = await behindRelay();
    await store.append(turn('first'), { opId: 'first' });
    await server!.run(`INSERT INTO ${schema}.turn (session, id, at, kind, messages, bytes, length)
      SELECT session, i::text, i, 'answer', '[]', 2, 0 FROM ${schema}.turn, generate_series(1, 2500) i`);
    expect(await store.prune({ maxTurns: 3 })).toBe(2_498);
    expect((await store.sessions.list())[0]?.turns).toBe(3);
  });

  test('takes any text for a scope', async () => {
    const { store } = await behindRelay();
    for (const name of ['\0', '\ud800', "'; --", '%']) {
      const hits = await store.search({ sessionId: name, userId: name }, { terms: ['x'], k: 1 });
      expect(hits).toEqual([]);
    }
  });

  test('common words are left out by the statistics of the database', async () => {
    const { store, schema } = await behindRelay();
    for (let i = 0; i < 120; i++) {
      await store.append(turn(`the weather of day number ${i}`), { opId: `${i}` });
    }
    await store.append(turn('the cat is called Mimi'), { opId: 'cat' });
    await server!.run(`ANALYZE ${schema}.turn`);
    const hits = await store.search({}, { terms: ['the', 'cat'], k: 100 });
    expect(hits.map(({ turn: { id } }) => id)).toEqual(['cat']);
  });

  test('a closed store says so', async () => {
    const { store } = await behindRelay();
    await store.ping();
    await Promise.all([store.close(), store.close()]);
    expect(await store.ping()).toMatchObject({ ok: false, code: 'MEMORY_CLOSED' });
  });

  test('refuses options that make no sense', () => {
    const connectionString = 'postgres://localhost/x';
    expect(() => postgresStore({ connectionString, schema: 'a"b' })).toThrow(RangeError);
    expect(() => postgresStore({ connectionString, maxConnections: 0 })).toThrow(RangeError);
    expect(() => postgresStore({} as never)).toThrow(TypeError);
    for (const wrong of ['', 'host=x password=secret', 'http://x']) {
      const refusal = new RangeError('Expected `connectionString` to begin with postgres://');
      expect(() => postgresStore({ connectionString: wrong })).toThrow(refusal);
    }
  });
});
