import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test, vi } from 'vitest';
import { child } from '../../test/child.ts';
import { tempFolder } from '../../test/temp-folder.ts';
import { Memory } from '../memory.ts';
import type { MemoryEvent } from '../memory-event.ts';
import { sqliteStore, type SqliteStoreOptions } from './sqlite-store.ts';

const newPath = tempFolder();
// What is asked here is what happens, not how soon.
const patient = {
  record: { deadlineMs: 30_000 },
  recall: { deadlineMs: 30_000 },
  timeoutMs: 30_000,
};
const wide = { maxTokens: 1_000_000, maxMessages: 1_000_000 };

const turn = (text: string, sessionId = 's') => ({
  sessionId,
  messages: [{ role: 'user' as const, content: text }],
});

function open(options: SqliteStoreOptions) {
  const store = sqliteStore(options);
  onTestFinished(() => store.close());
  return store;
}

async function idsIn(path: string, sessionId = 's') {
  const turns = await open({ path }).window({ sessionId }, wide);
  return turns.map(({ id }) => id);
}

/** A closed file with some turns. */
async function filled(turns = 3, text = 'hello') {
  const path = newPath();
  const store = sqliteStore({ path });
  for (let i = 0; i < turns; i++) await store.append(turn(`${text} ${i}`), { opId: `${i}` });
  await store.close();
  return path;
}

const besides = (path: string) =>
  readdirSync(dirname(path)).filter((name) => name.includes('corrupt'));

test('what was stored is in the file itself soon after the last turn', async () => {
  const path = newPath();
  await open({ path }).append(turn('Zorblax'), { opId: 'a' });
  const isInFile = () => readFileSync(path).includes('Zorblax');
  expect(await vi.waitUntil(isInFile, 20_000)).toBe(true);
});

test('keeps all over closing and opening', async () => {
  const path = await filled();
  const store = open({ path });
  expect((await store.window({ sessionId: 's' }, wide)).map(({ id }) => id)).toEqual([
    '0',
    '1',
    '2',
  ]);
  expect(await store.search({}, { terms: ['hello'], k: 10 })).toHaveLength(3);
});

test('touches nothing before the first use, and says what is wrong instead of throwing', async () => {
  const path = newPath('a-folder');
  const store = open({ path });
  expect(existsSync(dirname(path))).toBe(false);
  mkdirSync(path, { recursive: true });
  expect(await store.ping()).toEqual({
    ok: false,
    store: 'sqlite',
    code: 'MEMORY_CANNOT_OPEN',
    message: 'A folder stands in its place',
    notices: [],
  });
  await expect(store.append(turn('x'), { opId: 'a' })).rejects.toMatchObject({
    name: 'MemoryError',
    code: 'MEMORY_CANNOT_OPEN',
    recoverable: true,
  });
  rmSync(path, { recursive: true });
  await store.append(turn('x'), { opId: 'a' });
  expect((await store.ping()).ok).toBe(true);
});

test.skipIf(!existsSync('/proc/self'))('says so where no folder can be made', async () => {
  const store = open({ path: '/proc/none/memory.db' });
  expect(await store.ping()).toMatchObject({ ok: false, code: 'MEMORY_CANNOT_OPEN' });
});

test('reads while another process holds the file, waits for writing, and says why it gave up', async () => {
  const path = await filled();
  const holder = child('hold-lock', [path]);
  expect(await holder.line()).toBe('held');
  const hasty = open({ path, busyTimeoutMs: 50 });
  const patient = open({ path });
  await expect(hasty.append(turn('late'), { opId: 'h' })).rejects.toMatchObject({
    code: 'MEMORY_LOCKED',
    recoverable: true,
  });
  expect(await hasty.ping()).toMatchObject({ ok: false, code: 'MEMORY_LOCKED' });
  const waiting = patient.append(turn('late'), { opId: 'p' });
  expect(await patient.window({ sessionId: 's' }, wide)).toHaveLength(3);
  holder.say('let go');
  await waiting;
  expect(await holder.ended).toBe(0);
  expect(await idsIn(path)).toEqual(['0', '1', '2', 'p']);
});

test('a chat goes on while another process holds the file, and catches up afterwards', async () => {
  const path = await filled();
  const holder = child('hold-lock', [path]);
  await holder.line();
  const events: MemoryEvent[] = [];
  const memory = new Memory({
    ...patient,
    record: { deadlineMs: 50 },
    store: sqliteStore({ path }),
    onEvent: (event) => events.push(event),
  });
  expect(await memory.record(turn('meanwhile'), { opId: 'm' })).toBe('queued');
  const { messages, degraded } = await memory.recall({ sessionId: 's', query: '?' });
  expect([messages.length, degraded]).toEqual([4, undefined]);
  holder.say('let go');
  expect(await memory.flush({ timeoutMs: 25_000 })).toEqual({ queued: 0 });
  expect(events.map(({ type }) => type)).toEqual(['behind', 'caughtUp']);
  await memory.close();
  expect(await idsIn(path)).toEqual(['0', '1', '2', 'm']);
});

test.each([
  ['is no database', (path: string) => writeFileSync(path, 'To be, or not to be. '.repeat(500))],
  ['ends in the middle', (path: string) => truncateSync(path, statSync(path).size / 2)],
  ['is garbage in the middle', garble],
])('a file that %s is moved aside and begun anew, and said loudly', async (_, spoil) => {
  const path = await filled(50, 'hello '.repeat(100));
  spoil(path);
  const events: MemoryEvent[] = [];
  const memory = new Memory({
    ...patient,
    store: sqliteStore({ path }),
    onEvent: (event) => events.push(event),
  });
  expect(await memory.record(turn('anew'), { opId: 'a' })).toBe('stored');
  expect(besides(path)).toHaveLength(1);
  const { ok, notices } = await memory.ping();
  expect([ok, notices]).toEqual([true, [expect.stringContaining(`was moved to ${path}.corrupt-`)]]);
  expect(events).toEqual([{ type: 'notice', message: notices[0] }]);
  await memory.close();
  expect(await idsIn(path)).toEqual(['a']);
});

test('a file that is spoilt while it is open is moved aside as soon as that is seen', async () => {
  // More than SQLite keeps in its cache.
  const path = await filled(1_500, 'hello '.repeat(300));
  const memory = new Memory({ ...patient, store: sqliteStore({ path }) });
  await memory.ping();
  garble(path);
  await memory.sessions.export('s').catch(() => {});
  expect(['stored', 'queued']).toContain(await memory.record(turn('anew')));
  expect(await memory.flush({ timeoutMs: 25_000 })).toEqual({ queued: 0 });
  expect(besides(path)).toHaveLength(1);
  expect(await memory.ping()).toMatchObject({ ok: true, notices: [expect.any(String)] });
  await memory.close();
});

test('a file deleted underfoot is begun anew, and no acknowledged turn goes into the void', async () => {
  const path = await filled();
  const store = open({ path });
  await store.append(turn('before'), { opId: 'b' });
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  await store.append(turn('after'), { opId: 'a' });
  expect(await idsIn(path)).toEqual(['a']);
  rmSync(dirname(path), { recursive: true });
  await store.append(turn('once more'), { opId: 'o' });
  expect(await idsIn(path)).toEqual(['o']);
  expect((await store.ping()).notices).toHaveLength(2);
});

test('a file replaced underfoot is taken as it is', async () => {
  const [path, other] = [await filled(1), await filled(3)];
  const store = open({ path });
  expect(await store.window({ sessionId: 's' }, wide)).toHaveLength(1);
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  copyFileSync(other, path);
  expect(await store.window({ sessionId: 's' }, wide)).toHaveLength(3);
});

test('two processes write into one file, and nothing of either is lost', async () => {
  const path = newPath();
  const writers = ['x', 'y'].map((name) => child('write-turns', [path, name, '100']));
  expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual([0, 0]);
  for (const name of ['x', 'y']) {
    expect(await idsIn(path, name)).toEqual(Array.from({ length: 100 }, (_, i) => `${name}-${i}`));
  }
});

test('a process killed while it writes loses no acknowledged turn', async () => {
  const path = newPath();
  const stored: string[] = [];
  for (const name of ['x', 'y']) {
    const writer = child('write-turns', [path, name]);
    while (stored.filter((id) => id.startsWith(name)).length < 100)
      stored.push(await writer.line());
    writer.process.kill('SIGKILL');
    expect(await writer.ended).toBe('SIGKILL');
  }
  const kept = new Set([...(await idsIn(path, 'x')), ...(await idsIn(path, 'y'))]);
  expect(stored.filter((id) => !kept.has(id))).toEqual([]);
  const db = new DatabaseSync(path);
  expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  db.close();
});

test('a file of a newer format is left alone', async () => {
  const path = await filled();
  const db = new DatabaseSync(path);
  db.exec('PRAGMA user_version = 99');
  db.close();
  const store = open({ path });
  const refusal = { code: 'MEMORY_NEWER_FORMAT', recoverable: false };
  await expect(store.append(turn('x'), { opId: 'a' })).rejects.toMatchObject(refusal);
  expect(await store.ping()).toMatchObject({ ok: false, code: 'MEMORY_NEWER_FORMAT' });
  expect(besides(path)).toEqual([]);
});

test('leaves no copies in the unused space of pages', async () => {
  const path = newPath();
  const store = open({ path });
  for (let i = 0; i < 250; i++) {
    const isGone = i % 3 === 0;
    const words = isGone ? `zorblaxia quuxonia${'x'.repeat((i * 37) % 3_000)}` : 'fine';
    const messages = [
      { role: 'user' as const, content: `common words here ${words} ${i}` },
      { role: 'assistant' as const, content: 'ok' },
    ];
    const sessionId = `${isGone ? 'zorblaxia' : 'fine'} ${i % 5}`;
    const turn = { sessionId, userId: isGone ? 'annabel' : 'ben', messages, at: 1.7e12 + i };
    await store.append(turn, { opId: `${isGone ? 'zorblaxia' : 'p'}${i}` });
  }
  const read = () => readFileSync(path, 'latin1') + readFileSync(`${path}-wal`, 'latin1');
  const isThere = () => /zorblaxia|annabel/.test(read());
  expect(isThere()).toBe(true);
  await store.deleteUser('annabel');
  expect(isThere()).toBe(false);
  const { turns } = await store.stats();
  expect(await store.search({}, { terms: ['fine'], k: 1_000 })).toHaveLength(turns);
  expect((await store.ping()).notices).toEqual([]);
});

test('deletions that are closed upon are whole, and clean up once for all of them', async () => {
  const path = newPath();
  const store = sqliteStore({ path });
  const sessions = Array.from({ length: 20 }, (_, i) => `s${i}`);
  for (const id of [...sessions, 'kept'])
    await store.append(turn(`zorblaxia ${id}`, id), { opId: id });
  const deleted = [...sessions, 'none'].map((id) => store.sessions.delete(id));
  const appended = store.append(turn('after', 'kept'), { opId: 'after' });
  await store.close();
  expect(await Promise.all(deleted)).toEqual([...sessions.map(() => true), false]);
  await appended;
  expect(readFileSync(path, 'latin1').match(/zorblaxia s\d/g)).toBeNull();
  expect(await idsIn(path, 'kept')).toEqual(['kept', 'after']);
});

test('leaves nothing in the files of what was deleted', async () => {
  const path = newPath();
  const memory = new Memory({ ...patient, store: sqliteStore({ path }) });
  for (let i = 0; i < 300; i++) {
    await memory.record(turn(`common zorblaxia ${i}`, 'gone'), { opId: `g${i}` });
    await memory.record({ ...turn(`common quuxonia ${i}`, 'anna'), userId: 'annabel' });
    await memory.record(turn(`common stays ${i}`, 'kept'));
  }
  await memory.flush();
  const fact = await memory.remember({ userId: 'annabel', text: 'A flibbertigibbet' });
  await memory.remember({ userId: 'ben', text: 'An oompaloompa' });
  const files = () =>
    ['', '-wal']
      .map((suffix) => (existsSync(path + suffix) ? readFileSync(path + suffix, 'latin1') : ''))
      .join('');
  expect(files()).toContain('zorblaxia');
  await memory.sessions.delete('gone');
  expect(files()).not.toContain('zorblaxia');
  expect(files()).toContain('quuxonia');
  await memory.deleteUser('annabel');
  expect(files()).not.toMatch(/quuxonia|annabel|flibbertigibbet/);
  expect(files()).not.toContain(fact.id);
  expect(files()).toContain('oompaloompa');
  expect((await memory.recall({ sessionId: 'x', query: 'stays' })).items).toEqual([]);
  expect((await memory.sessions.search('stays'))[0]?.session.turns).toBe(300);
  await memory.close();
});

test('doesn’t keep the process alive, unless somebody waits for an answer', async () => {
  const idle = child('open-and-leave', [newPath()]);
  expect(await idle.line()).toBe('stored');
  expect(await idle.ended).toBe(0);
});

test('a closed store says so', async () => {
  const store = sqliteStore({ path: newPath() });
  await store.append(turn('x'), { opId: 'a' });
  await Promise.all([store.close(), store.close()]);
  await expect(store.append(turn('x'), { opId: 'b' })).rejects.toMatchObject({
    code: 'MEMORY_CLOSED',
  });
  expect(await store.ping()).toMatchObject({ ok: false, code: 'MEMORY_CLOSED' });
});

test('an aborted search isn’t begun', async () => {
  const store = open({ path: await filled() });
  const control = new AbortController();
  const searching = store.search({}, { terms: ['hello'], k: 1 }, control.signal);
  control.abort(new Error('enough'));
  await expect(searching).rejects.toThrow('enough');
  await expect(store.search({}, { terms: ['hello'], k: 1 }, control.signal)).rejects.toThrow(
    'enough',
  );
});

test('refuses a path that is none', () => {
  expect(() => sqliteStore({ path: ':memory:' })).toThrow(RangeError);
  expect(() => sqliteStore({ path: 5 as never })).toThrow(TypeError);
  expect(() => sqliteStore({ path: 'x', durability: 'some' as never })).toThrow(RangeError);
});

function garble(path: string): void {
  const bytes = readFileSync(path);
  bytes.fill(0x5a, 4_096, bytes.length - 4_096);
  writeFileSync(path, bytes);
}
