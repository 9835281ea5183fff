import { codes, type MemoryErrorCode } from '../error-codes.ts';

/** What crosses from the worker to the store in place of an error. */
export interface FailureReport {
  code: MemoryErrorCode;
  message: string;
}

/** An error of the worker's own, with a code. */
export class Failure extends Error {
  readonly code: MemoryErrorCode;

  constructor(code: MemoryErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** SQLite's primary result codes (https://sqlite.org/rescode.html). */
const meanings: Record<number, readonly [MemoryErrorCode, string]> = {
  5: [codes.locked, 'The file is locked by another process'],
  6: [codes.locked, 'The file is locked'],
  8: [codes.readOnly, 'The file can’t be written to'],
  10: [codes.other, 'Reading or writing the file failed'],
  11: [codes.corrupt, 'The file is corrupt'],
  13: [codes.diskFull, 'The disk is full'],
  14: [codes.cannotOpen, 'The file can’t be opened'],
  26: [codes.corrupt, 'The file is not a database'],
};

export function codeOf(error: unknown): MemoryErrorCode {
  return reportOf(error).code;
}

export function reportOf(error: unknown): FailureReport {
  if (error instanceof Failure) return { code: error.code, message: error.message };
  const { message, errcode = 0 } = error as Error & { errcode?: number };
  // The high bytes of a result code tell details of the low one.
  const [code, meaning] = meanings[errcode & 0xff] ?? [codes.other, 'SQLite failed'];
  return { code, message: `${meaning} (${message})` };
}
