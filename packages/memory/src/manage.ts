import { memoryError, within } from './within.ts';

/** For what isn't on the way of a chat: rejects with a MemoryError, or after a time limit. */
export function manage<T>(operation: string, timeoutMs: number, run: () => Promise<T>): Promise<T> {
  return within(run, { operation, timeoutMs }).catch((error: unknown) => {
    throw memoryError(error, operation);
  });
}
