import { renameSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { codes } from '../error-codes.ts';
import { codeOf, Failure, type FailureReport, reportOf } from './failure.ts';
import { identityOf, type OpenFile, openFile, type OpenOptions } from './open-file.ts';

const busyMs = 25;

/**
 * The file at a path, whatever becomes of it: opened when it is needed, opened anew when it was
 * deleted or replaced, moved aside when it is corrupt.
 */
export class SqliteFile {
  readonly path: string;
  readonly #options: OpenOptions;
  readonly #notify: (notice: string) => void;
  readonly #statements = new Map<string, StatementSync>();
  #open: OpenFile | undefined;
  /** Why the last write failed; undefined since one worked. */
  trouble: FailureReport | undefined;

  constructor(path: string, options: OpenOptions, notify: (notice: string) => void) {
    this.path = path;
    this.#options = options;
    this.#notify = notify;
  }

  get readOnly(): boolean {
    return this.#open?.readOnly ?? false;
  }

  /** A statement, prepared once. */
  sql(text: string): StatementSync {
    const known = this.#statements.get(text);
    if (known !== undefined) return known;
    const statement = this.db.prepare(text);
    this.#statements.set(text, statement);
    return statement;
  }

  get db(): DatabaseSync {
    this.#open ??= this.#reopen();
    return this.#open.db;
  }

  read<T>(run: () => T): T {
    this.#follow();
    return this.#watch(run);
  }

  /** All or nothing; and not into a file that was deleted meanwhile, where nobody would find it. */
  write<T>(run: () => T): T {
    try {
      for (;;) {
        this.#follow();
        const result = this.#watch(() => this.#transaction(run));
        this.trouble = undefined;
        if (this.#isInPlace()) return result;
      }
    } catch (error) {
      this.trouble = reportOf(error);
      throw error;
    }
  }

  /** For what can be made up for: nothing happens where something stands in the way. */
  ifPossible(run: (db: DatabaseSync) => void): void {
    if (this.#open === undefined || this.readOnly) return;
    try {
      run(this.#open.db);
    } catch {
      // Who comes next meets the same trouble, and tells it.
    }
  }

  writeIfPossible(run: () => void): void {
    this.ifPossible(() => this.#transaction(run));
  }

  close(): void {
    this.#statements.clear();
    this.#open?.db.close();
    this.#open = undefined;
  }

  #transaction<T>(run: () => T): T {
    // A file that could only be read may have become writable.
    if (this.readOnly) this.close();
    const { db } = this;
    if (this.readOnly) throw new Failure(codes.readOnly, 'The file can’t be written to');
    this.sql('BEGIN IMMEDIATE').run();
    try {
      const result = run();
      this.sql('COMMIT').run();
      return result;
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }

  #watch<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (codeOf(error) === codes.corrupt) this.#moveAside(error);
      throw error;
    }
  }

  #isInPlace(): boolean {
    return this.#open === undefined || identityOf(this.path) === this.#open.identity;
  }

  #follow(): void {
    if (this.#isInPlace()) return;
    this.close();
    this.#notify(`${this.path} was deleted or replaced; what stands there now is used`);
  }

  #reopen(): OpenFile {
    try {
      return this.#openOnce();
    } catch (error) {
      if (codeOf(error) !== codes.corrupt) throw error;
      this.#moveAside(error);
      return this.#openOnce();
    }
  }

  #openOnce(): OpenFile {
    const file = openFile(this.path, this.#options);
    file.db.exec(`PRAGMA busy_timeout = ${busyMs}`);
    return file;
  }

  /** Nothing is deleted: somebody may want to save what can be saved. */
  #moveAside(error: unknown): void {
    const isOther = !this.#isInPlace();
    this.close();
    if (isOther) return; // somebody else has moved it
    const aside = `${this.path}.corrupt-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
    for (const suffix of ['', '-wal', '-shm']) {
      if (identityOf(this.path + suffix)) renameSync(this.path + suffix, aside + suffix);
    }
    this.#notify(`${this.path} was moved to ${aside}: ${reportOf(error).message}`);
  }
}
