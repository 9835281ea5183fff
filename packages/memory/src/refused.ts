import { MemoryError } from '@kortana/errors';
import { codes } from './error-codes.ts';
import { refusal } from './refusal.ts';

/** For stores: the session named in a turn belongs to another user. */
export function refusedSession(sessionId: string): MemoryError {
  const context = { sessionId };
  return new MemoryError(refusal, { code: codes.refused, recoverable: false, context });
}
