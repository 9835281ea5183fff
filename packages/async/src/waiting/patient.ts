import { startTimer } from './start-timer.ts';

/** Resolves when `work` does, but waits no longer than `ms` milliseconds, nor beyond an abort. */
export function patient(work: Promise<void>, ms: number, signal?: AbortSignal): Promise<void> {
  if (ms <= 0 || signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const leave = (): void => {
      stopTimer();
      signal?.removeEventListener('abort', leave);
      resolve();
    };
    const stopTimer = startTimer(ms, leave);
    signal?.addEventListener('abort', leave, { once: true });
    work.then(leave, leave);
  });
}
