import { chmodSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tempFolder } from '../../test/temp-folder.ts';
import { writtenTurn } from '../stored-turn.ts';
import { reportOf } from './failure.ts';
import { reads, writes } from './operations.ts';
import { SqliteFile } from './sqlite-file.ts';
import { tidy } from './upkeep.ts';

/*
 * What must be brought about or looked at on SQLite's own connection, or as another user of the
 * system: so without the thread, which only carries calls and answers.
 */

const newPath = tempFolder();
const wide = { maxTokens: 1_000_000, maxMessages: 1_000_000 };
const nobody = 65_534;

function open(path = newPath()) {
  const file = new SqliteFile(path, { synchronous: 'normal' }, () => {});
  onTestFinished(() => file.close());
  const append = (id: string, text = 'hello') => {
    const turn = { sessionId: 's', messages: [{ role: 'user' as const, content: text }] };
    file.write(() => writes.append(file, writtenTurn(turn, id)));
  };
  const ids = () =>
    file.read(() => reads.window(file, { sessionId: 's' }, wide)).map(({ id }) => id);
  const trouble = (run: () => void) => {
    try {
      run();
    } catch (error) {
      return reportOf(error).code;
    }
  };
  return { file, append, ids, trouble, path };
}

/** Root may write anywhere; whoever else runs this is bound by the file's mode anyway. */
function asNobody<T>(run: () => T): T {
  if (process.geteuid?.() !== 0) return run();
  process.seteuid!(nobody);
  try {
    return run();
  } finally {
    process.seteuid!(0);
  }
}

test('a full disk is said, reading goes on, and all is well when there is room again', () => {
  const { file, append, ids, trouble } = open();
  append('a');
  const { page_count: pages } = file.db.prepare('PRAGMA page_count').get()!;
  // SQLite refuses to grow beyond it as it does when the disk has no room: with SQLITE_FULL.
  file.db.exec(`PRAGMA max_page_count = ${String(pages)}`);
  expect(trouble(() => append('b', 'x'.repeat(100_000)))).toBe('MEMORY_DISK_FULL');
  expect(file.read(() => reads.ping(file))).toMatchObject({ ok: false, code: 'MEMORY_DISK_FULL' });
  expect(ids()).toEqual(['a']);
  file.db.exec('PRAGMA max_page_count = 1000000');
  append('b', 'x'.repeat(100_000));
  expect(ids()).toEqual(['a', 'b']);
  expect(file.read(() => reads.ping(file))).toMatchObject({ ok: true });
});

test.each([
  ['file', 0o444, 0o777],
  ['folder', 0o666, 0o555],
  ['file and folder', 0o444, 0o555],
])(
  'a read-only %s can be read, says why it can’t be written, and is written when it may be',
  (_, mode, folderMode) => {
    const { path, ...first } = open();
    first.append('a');
    first.file.close();
    chmodSync(dirname(dirname(path)), 0o755);
    chmodSync(path, mode);
    chmodSync(dirname(path), folderMode);
    const { file, append, ids, trouble } = open(path);
    asNobody(() => {
      expect(ids()).toEqual(['a']);
      expect(trouble(() => append('b'))).toBe('MEMORY_READ_ONLY');
      expect(file.read(() => reads.ping(file))).toMatchObject({
        ok: false,
        code: 'MEMORY_READ_ONLY',
      });
      expect(ids()).toEqual(['a']);
    });
    chmodSync(dirname(path), 0o777);
    // SQLite gives its log the file’s mode.
    for (const name of readdirSync(dirname(path))) chmodSync(join(dirname(path), name), 0o666);
    asNobody(() => append('b'));
    expect(ids()).toEqual(['a', 'b']);
  },
);

test('the log stays within 16 MiB, however many turns come one upon the other', () => {
  const { append, path } = open();
  for (let i = 0; i < 100; i++) append(`${i}`, 'x'.repeat(500_000));
  expect(statSync(`${path}-wal`).size).toBeLessThan(18 * 2 ** 20);
});

test('the log goes into the file when it rests', () => {
  const { file, append, path } = open();
  append('a', 'Zorblax');
  expect(readFileSync(path).includes('Zorblax')).toBe(false);
  tidy(file);
  expect(readFileSync(path).includes('Zorblax')).toBe(true);
});

test('what was written into a file deleted in that very moment is written anew', () => {
  const { file, append, ids, path } = open();
  append('before');
  let times = 0;
  file.write(() => {
    if (times++ === 0)
      for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
    const turn = { sessionId: 's', messages: [{ role: 'user' as const, content: 'x' }] };
    writes.append(file, writtenTurn(turn, 'meanwhile'));
  });
  expect([times, ids()]).toEqual([2, ['meanwhile']]);
});
