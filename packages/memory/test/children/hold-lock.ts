import { once } from 'node:events';
import { DatabaseSync } from 'node:sqlite';

// Holds the file for writing until it is told to let go.
const db = new DatabaseSync(process.argv[2]!);
db.exec('BEGIN IMMEDIATE');
process.stdout.write('held\n');
await once(process.stdin, 'data');
db.exec('ROLLBACK');
process.stdout.write('free\n');
process.stdin.destroy();
