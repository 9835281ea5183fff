import { MemoryError } from '@kortana/errors';

/** The code of what a store will never take: trying again is of no use. */
export const REFUSED = 'MEMORY_REFUSED';

/** For stores: the session named in a turn belongs to another user. */
export function refusedSession(sessionId: string): MemoryError {
  return new MemoryError('The session belongs to another user', {
    code: REFUSED,
    recoverable: false,
    context: { sessionId },
  });
}
