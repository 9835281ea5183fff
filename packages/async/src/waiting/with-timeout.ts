import {
  checkFunction,
  checkNumber,
  checkObject,
  checkSignal,
  checkString,
  TimeoutError,
} from '@kortana/errors';
import { settled } from './abortable.ts';
import { droppable } from './droppable.ts';
import { startTimer } from './start-timer.ts';

export interface TimeoutOptions {
  /** How long the work may take, in milliseconds above 0; Infinity for no limit. */
  timeoutMs: number;
  /** What it is, for the error's words; default: `'operation'`. */
  operation?: string | undefined;
  /** The caller's own; its abort rejects at once with its reason. */
  signal?: AbortSignal | undefined;
}

/**
 * Runs `fn` under a time limit. When time is up it rejects with TimeoutError and aborts the signal
 * that `fn` was given with that same error; what `fn` does from then on is dropped.
 *
 * @throws TimeoutError if `fn` hasn't settled after `timeoutMs`
 */
export function withTimeout<T>(
  fn: (signal: AbortSignal) => PromiseLike<T> | T,
  options: TimeoutOptions,
): Promise<T> {
  return droppable(checkAndRun(fn, options));
}

async function checkAndRun<T>(
  fn: (signal: AbortSignal) => PromiseLike<T> | T,
  options: TimeoutOptions,
): Promise<T> {
  checkFunction('fn', fn);
  const { timeoutMs, operation = 'operation', signal } = checkObject('options', options);
  checkNumber('timeoutMs', timeoutMs, { above: 0, infinite: true });
  checkString('operation', operation);
  if (signal !== undefined) checkSignal('signal', signal).throwIfAborted();
  return runWithin(fn, timeoutMs, operation, signal);
}

/** The same for callers that have checked their options. */
export function runWithin<T>(
  fn: (signal: AbortSignal) => PromiseLike<T> | T,
  timeoutMs: number,
  operation: string,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const controller = new AbortController();
    const stopTimer = startTimer(timeoutMs, () => {
      const error = new TimeoutError(`${operation} took longer than ${timeoutMs} ms`, {
        operation,
        timeoutMs,
      });
      leave();
      reject(error);
      controller.abort(error);
    });
    const onAbort = (): void => {
      leave();
      // One microtask later: a success that is already there comes first.
      queueMicrotask(() => reject(signal?.reason));
      controller.abort(signal?.reason);
    };
    const leave = (): void => {
      stopTimer();
      signal?.removeEventListener('abort', onAbort);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    settled(fn, controller.signal).then(
      (value) => (leave(), resolve(value)),
      (error: unknown) => (leave(), reject(error)),
    );
  });
}
