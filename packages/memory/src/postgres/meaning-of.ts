import pg from 'pg';
import { codes, type MemoryErrorCode } from '../error-codes.ts';

/** Said by the server, on a connection that is still good. */
export function isFromServer(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !isDead(error);
}

/** Whether the connection was dead, so that another one may do. */
export function isDead(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  // Class 08: connection exceptions; 57P01–57P03: the server is shut down, has crashed, starts.
  if (/^08|^57P0[123]$/.test(code)) return true;
  return deadSocket.has(code) || /^Connection terminated|^Client has encountered/.test(message);
}

const deadSocket = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

interface Meaning {
  code: MemoryErrorCode;
  meaning: string;
}

/** SQLSTATE codes (https://www.postgresql.org/docs/current/errcodes-appendix.html) and Node's own. */
export function meaningOf(error: unknown): Meaning {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  const [, memoryCode, meaning] = meanings.find(([pattern]) => pattern.test(code || message)) ?? [];
  return { code: memoryCode ?? codes.other, meaning: meaning ?? 'The database failed' };
}

const meanings: readonly (readonly [RegExp, MemoryErrorCode, string])[] = [
  // Data exceptions and limits of the program (a key too long for an index): never, however often.
  [/^(?:22|54)/, codes.refused, 'The database doesn’t take this'],
  [/^53100$/, codes.diskFull, 'The database’s disk is full'],
  [/^25006$/, codes.readOnly, 'The database can’t be written to'],
  [/^(?:55P03|40P01|40001)$/, codes.locked, 'The rows are locked'],
  [/^57014$|^Query read timeout/, codes.unreachable, 'The database took too long'],
  [/^(?:28|3D)/, codes.cannotOpen, 'The database refuses the connection'],
  [
    /^(?:08|57P|53300|E[A-Z]+$)|timeout exceeded when trying to connect|^Connection terminated/,
    codes.unreachable,
    'The database can’t be reached',
  ],
];
