import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { tempFolder } from '../../test/temp-folder.ts';
import type { Scope } from '../memory-store.ts';
import { writtenTurn } from '../stored-turn.ts';
import { deletions, reads, writes } from './operations.ts';
import { SqliteFile } from './sqlite-file.ts';
import { tidy } from './upkeep.ts';

const newPath = tempFolder();

function open(path = newPath()) {
  const file = new SqliteFile(path, { synchronous: 'normal' }, () => {});
  onTestFinished(() => file.close());
  return {
    path,
    file,
    append(id: string, userId?: string, kind?: 'partial') {
      const turn = { sessionId: 's', userId, kind, messages: [{ role: 'user', content: 'zebra' }] };
      file.write(() => writes.append(file, writtenTurn(turn as never, id)));
    },
    find(scope: Scope = {}) {
      const hits = file.read(() => reads.search(file, scope, { terms: ['zebra'], k: 1_000 }));
      return hits.map(({ turn }) => turn.id).sort();
    },
    /** How many turns are in the index. */
    indexed: () => file.db.prepare('SELECT count(*) AS n FROM turn_words_docsize').get()!['n'],
  };
}

const names = (count: number) => Array.from({ length: count }, (_, i) => `t${i}`);

test('a search finds what waits, whoever wrote it', () => {
  const writer = open();
  writer.append('a');
  expect(writer.indexed()).toBe(0);
  const reader = open(writer.path);
  expect(reader.find()).toEqual(['a']);
  writer.append('b');
  expect(reader.find()).toEqual(['a', 'b']);
  expect(writer.find()).toEqual(['a', 'b']);
});

test('nothing waits when the file rests', () => {
  const { file, append, indexed } = open();
  append('a');
  tidy(file);
  expect(indexed()).toBe(1);
});

test('64 at most wait', () => {
  const { append, find, indexed } = open();
  for (const id of names(63)) append(id);
  expect(indexed()).toBe(0);
  append('t63');
  expect(indexed()).toBe(64);
  append('t64');
  expect(indexed()).toBe(64);
  expect(find()).toEqual(names(65).sort());
});

test('a partial turn waits for nothing, and is not found', () => {
  const { append, find, indexed } = open();
  append('a');
  append('b', undefined, 'partial');
  expect([find(), indexed()]).toEqual([['a'], 2]);
});

test('a turn that another hand has spoilt keeps no other from being stored and found', () => {
  const { file, append, find } = open();
  append('a');
  append('b');
  file.db.exec(`UPDATE turn SET messages = '[{' WHERE id = 'a'`);
  for (const id of names(64)) append(id);
  expect(find()).toEqual(['b', ...names(64)].sort());
});

test('where the file can’t be written to, a search does without', () => {
  const { path, append, find } = open();
  append('a');
  find();
  append('b');
  const other = new DatabaseSync(path);
  onTestFinished(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  expect(find()).toEqual(['a']);
  other.exec('COMMIT');
  expect(find()).toEqual(['a', 'b']);
});

test('in a session that becomes somebody’s, all turns are found as the user’s', () => {
  const { append, find } = open();
  append('indexed');
  find();
  append('waiting');
  append('claiming', 'anna');
  expect(find({ userId: 'anna' })).toEqual(['claiming', 'indexed', 'waiting']);
});

test('what was deleted while it waited is not found, nor what took its number missed', () => {
  const { file, append, find, indexed } = open();
  append('a');
  file.write(() => deletions.deleteSession(file, 's'));
  expect([find(), indexed()]).toEqual([[], 0]);
  append('b');
  find();
  append('c');
  file.write(() => deletions.pruneSome(file, { maxTurns: 1 }, 10));
  append('d');
  expect(find()).toEqual(['c', 'd']);
});
