import type { PrunePolicy } from '../memory-store.ts';
import { sessionRow } from './turns.ts';
import type { SqliteFile } from './sqlite-file.ts';
import { indexWaiting } from './word-index.ts';

/** Deletes a session's turns and all that hangs on them; within a transaction. */
export function deleteSession(file: SqliteFile, id: string): number | undefined {
  const session = sessionRow(file, id);
  if (session === undefined) return undefined;
  file
    .sql('DELETE FROM turn_words WHERE rowid IN (SELECT number FROM turn WHERE session = ?)')
    .run(session.number);
  const { changes } = file.sql('DELETE FROM turn WHERE session = ?').run(session.number);
  file.sql('DELETE FROM session WHERE number = ?').run(session.number);
  return Number(changes);
}

export function deleteUser(file: SqliteFile, user: string) {
  const sessions = file.sql('SELECT id FROM session WHERE user = ?').all(user);
  const turns = sessions.reduce((sum, { id }) => sum + deleteSession(file, id as string)!, 0);
  const { changes } = file.sql('DELETE FROM fact WHERE user = ?').run(user);
  return { sessions: sessions.length, turns, facts: Number(changes) };
}

/** Deletes what a policy doesn't keep, the oldest first, at most so many; within a transaction. */
export function pruneSome(file: SqliteFile, policy: PrunePolicy, limit: number): number {
  const { maxAgeMs, maxTurns, maxBytes } = policy;
  const expired = file
    .sql(
      `SELECT number FROM (
         SELECT number, at, row_number() OVER newest AS place, sum(bytes) OVER newest AS total
         FROM turn WINDOW newest AS (ORDER BY number DESC)
       ) WHERE at < ? OR place > ? OR total > ? ORDER BY number LIMIT ?`,
    )
    .all(since(maxAgeMs), maxTurns ?? most, maxBytes ?? most, limit);
  const sessions = new Set<number>();
  for (const { number } of expired) {
    file.sql('DELETE FROM turn_words WHERE rowid = ?').run(number as number);
    const gone = file
      .sql('DELETE FROM turn WHERE number = ? RETURNING session')
      .get(number as number);
    sessions.add(gone?.['session'] as number);
  }
  for (const session of sessions) {
    file
      .sql(
        'UPDATE session SET turns = (SELECT count(*) FROM turn WHERE session = ?1) WHERE number = ?1',
      )
      .run(session);
  }
  file.sql('DELETE FROM session WHERE turns = 0').run();
  return expired.length;
}

const most = Number.MAX_SAFE_INTEGER;

function since(maxAgeMs: number | undefined): number {
  return maxAgeMs === undefined ? -most : Date.now() - maxAgeMs;
}

/** When nothing was written for a while; as far as nothing stands in the way. */
export function tidy(file: SqliteFile): void {
  file.ifPossible(() => indexWaiting(file));
  // What the log holds moves into the file.
  file.ifPossible((db) => db.exec('PRAGMA wal_checkpoint(PASSIVE)'));
}

const pagesAtOnce = 500;

/**
 * Takes deleted words out of the index, in steps of some milliseconds. It would otherwise keep the
 * words of deleted turns until it happens to be merged.
 */
export function* purge(file: SqliteFile): Generator<void> {
  const changes = () => file.db.prepare('SELECT total_changes() AS n').get()?.['n'] as number;
  const merge = file.sql(`INSERT INTO turn_words (turn_words, rank) VALUES ('merge', ?)`);
  merge.run(-pagesAtOnce);
  for (let before = -2; changes() - before >= 2;) {
    yield;
    before = changes();
    merge.run(pagesAtOnce);
  }
}

/** Gives free pages back, and empties the log; as far as no other process is reading. */
export function purgeEnd(file: SqliteFile): void {
  file.db.exec('PRAGMA incremental_vacuum');
  file.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}
