import { KortanaError } from '@kortana/errors';

/** What receipts, notices and log lines call an error. */
export function codeOf(error: unknown): string {
  if (KortanaError.isInstance(error)) return error.code;
  if (!(error instanceof Error)) return 'UNKNOWN';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
