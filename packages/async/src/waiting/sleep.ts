import { checkNumber, checkSignal } from '@kortana/errors';
import { droppable } from './droppable.ts';
import { startTimer } from './start-timer.ts';

export interface SleepOptions {
  /** Ends the sleep early: it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/**
 * Resolves after `ms` milliseconds, from 0 up and of any length (Infinity: only an abort ends it).
 *
 * @throws TypeError, RangeError (as a rejection) if `ms` is no such number
 */
export function sleep(ms: number, options?: SleepOptions): Promise<void> {
  return droppable(sleepThrough(ms, options));
}

async function sleepThrough(ms: number, { signal }: SleepOptions = {}): Promise<void> {
  checkNumber('ms', ms, { min: 0, infinite: true });
  if (signal === undefined) return new Promise((resolve) => void startTimer(ms, resolve));
  checkSignal('signal', signal).throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = startTimer(ms, () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    const onAbort = (): void => {
      stop();
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
