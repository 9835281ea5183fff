import { checkSignal, MemoryError } from '@kortana/errors';
import { codes } from './error-codes.ts';
import type { Settings } from './memory-options.ts';
import type { MemoryStore } from './memory-store.ts';
import { memoryError, within } from './within.ts';

export interface WaitOptions {
  /** Aborted, it rejects at once with the signal's reason; what was asked may still be done. */
  signal?: AbortSignal | undefined;
}

/**
 * For what isn't on the way of a chat: rejects with a MemoryError when the store fails, takes too
 * long, or the memory is closed.
 */
export type Manage = <T>(
  operation: string,
  run: (store: MemoryStore, signal: AbortSignal) => Promise<T>,
  options?: WaitOptions,
) => Promise<T>;

export function manager({ store, timeoutMs }: Settings, isClosed: () => boolean): Manage {
  return async (operation, run, { signal } = {}) => {
    if (signal !== undefined) checkSignal('signal', signal);
    signal?.throwIfAborted();
    if (isClosed()) throw closed();
    try {
      return await within((ended) => run(store, ended), { timeoutMs, operation, signal });
    } catch (error) {
      throw signal?.aborted && error === signal.reason ? error : memoryError(error, operation);
    }
  };
}

export function closed(): MemoryError {
  return new MemoryError('The memory is closed', { code: codes.closed, recoverable: false });
}
