import { startTimer } from './start-timer.ts';

/**
 * The outcome of `work` (a failure is undefined), or undefined if that takes longer than `ms`
 * milliseconds, or the signal is aborted before.
 */
export function patient<T>(
  work: Promise<T>,
  ms: number,
  signal?: AbortSignal,
): Promise<T | undefined> {
  if (ms <= 0 || signal?.aborted === true) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const leave = (outcome?: T): void => {
      stopTimer();
      signal?.removeEventListener('abort', onAbort);
      resolve(outcome);
    };
    const onAbort = (): void => leave();
    const stopTimer = startTimer(ms, leave);
    signal?.addEventListener('abort', onAbort, { once: true });
    work.then(leave, () => leave());
  });
}
