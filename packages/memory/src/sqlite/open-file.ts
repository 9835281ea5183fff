import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { codes } from '../error-codes.ts';
import { codeOf, Failure } from './failure.ts';
import { migrations } from './schema.ts';

export interface OpenOptions {
  /** `full` survives a power cut too, at the price of a sync for each turn. */
  synchronous: 'normal' | 'full';
}

export interface OpenFile {
  db: DatabaseSync;
  readOnly: boolean;
  /** Which file it was: another one may come to stand at its path. */
  identity: string;
}

// Of files up to this size all pages are looked at; of larger ones that would take too long.
const checkedBytes = 4 * 2 ** 20;
const openingBusyMs = 250;
// Moving the log into the file syncs the disk, some ms that a turn would wait for: while turns come
// one upon the other only every 16 MiB, else when the file rests.
const longestLogPages = 4_000;

/** Opens the file for reading and writing or, where that can't be, for reading only. */
export function openFile(path: string, options: OpenOptions): OpenFile {
  makeRoom(path);
  try {
    return openForWriting(path, options);
  } catch (error) {
    const code = codeOf(error);
    if (code !== codes.readOnly && code !== codes.cannotOpen) throw error;
    if (identityOf(path) === undefined) throw error;
    return openForReading(path);
  }
}

function makeRoom(path: string): void {
  try {
    makeFolder(dirname(path));
  } catch (error) {
    throw new Failure(codes.cannotOpen, `Its folder can’t be made (${(error as Error).message})`);
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Failure(codes.cannotOpen, 'A folder stands in its place');
  }
}

/** Folder by folder: where none can be made, as in /proc, Node's own recursion never ends. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Device and number of the file at the path; undefined when there is none. */
export function identityOf(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat && `${stat.dev}:${stat.ino}`;
}

function openForWriting(path: string, { synchronous }: OpenOptions): OpenFile {
  const db = new DatabaseSync(path, { timeout: openingBusyMs });
  try {
    const isNew = statSync(path).size === 0;
    if (!isNew) check(db, path);
    // Room of what is deleted can be given back: said before the first table, or never.
    if (isNew) db.exec('PRAGMA auto_vacuum = INCREMENTAL');
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}`);
    db.exec(`PRAGMA wal_autocheckpoint = ${longestLogPages}`);
    // What is deleted is overwritten.
    db.exec('PRAGMA secure_delete = ON');
    migrate(db);
    tryWriting(db);
    return { db, readOnly: false, identity: identityOf(path) ?? '' };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Who may only read learns it at the start, not at the first turn. */
function tryWriting(db: DatabaseSync): void {
  try {
    db.exec('PRAGMA busy_timeout = 0; BEGIN IMMEDIATE');
    db.exec('UPDATE session SET number = number WHERE FALSE; COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    // Another process writes just now: so it can be written to.
    if (codeOf(error) !== codes.locked) throw error;
  }
}

function openForReading(path: string): OpenFile {
  const identity = identityOf(path) ?? '';
  try {
    return { db: readable(new DatabaseSync(path, { readOnly: true })), readOnly: true, identity };
  } catch {
    // Where no file can be made, SQLite can't share; nobody can be writing then either.
    const url = pathToFileURL(path);
    url.search = 'immutable=1';
    return { db: readable(new DatabaseSync(url, { readOnly: true })), readOnly: true, identity };
  }
}

function readable(db: DatabaseSync): DatabaseSync {
  try {
    db.prepare('SELECT 1 FROM session LIMIT 1').get();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function check(db: DatabaseSync, path: string): void {
  if (statSync(path).size > checkedBytes) return;
  const result = db.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
  if (result !== 'ok') throw new Failure(codes.corrupt, `The file is corrupt (${String(result)})`);
}

function migrate(db: DatabaseSync): void {
  if (versionOf(db) === migrations.length) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    // Asked again: another process may have been faster.
    const version = versionOf(db);
    if (version > migrations.length) {
      throw new Failure(
        codes.newerFormat,
        `The file has format ${version}, newer than this program`,
      );
    }
    for (const step of migrations.slice(version)) db.exec(step);
    db.exec(`PRAGMA user_version = ${migrations.length}; COMMIT`);
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function versionOf(db: DatabaseSync): number {
  return db.prepare('PRAGMA user_version').get()?.['user_version'] as number;
}
