import { pathToFileURL } from 'node:url';
import { DatabaseSync } from 'node:sqlite';
import { workerData } from 'node:worker_threads';
import type { WorkerStart } from './protocol.ts';

/*
 * Writes the file anew, in a thread of its own: what takes long in a large file, and holds up no
 * reader of another connection. `secure_delete` overwrites what is deleted, but not the copies that
 * stay in the unused space of a page when SQLite moves rows from it to another.
 */

const { path, busyTimeoutMs } = workerData as WorkerStart;
const url = pathToFileURL(path);
// A file that was deleted meanwhile isn't made again.
url.search = 'mode=rw';
const db = new DatabaseSync(url, { timeout: busyTimeoutMs });
try {
  // The log takes as much as the file; it is emptied here, not where others wait.
  db.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)');
} finally {
  db.close();
}
