import {
  checkFunction,
  checkMethods,
  checkNumber,
  checkObject,
  checkSignal,
} from '@kortana/errors';
import type { RetryBudget } from './retry/retry-budget.ts';
import { settled } from './waiting/abortable.ts';
import { droppable } from './waiting/droppable.ts';
import { startTimer } from './waiting/start-timer.ts';

export interface HedgeOptions {
  /** How long an attempt has the stage alone before the next starts, in milliseconds from 0 up. */
  delayMs: number;
  /** Its abort rejects at once with its reason and aborts all attempts. */
  signal?: AbortSignal | undefined;
  /** A bound on the extra calls of all who share it: each attempt after the first counts. */
  budget?: RetryBudget | undefined;
}

type Attempt<T> = (signal: AbortSignal) => PromiseLike<T> | T;

/**
 * Starts the first attempt, and the next whenever `delayMs` passed without an answer or one has
 * failed. The first success wins, and all others get their signal aborted. Where the budget refuses
 * a further attempt, those that run are all there is.
 *
 * @throws AggregateError with the errors in the order of the attempts, if all fail
 */
export function hedge<T>(attempts: readonly Attempt<T>[], options: HedgeOptions): Promise<T> {
  return droppable(race(attempts, options));
}

async function race<T>(attempts: readonly Attempt<T>[], options: HedgeOptions): Promise<T> {
  const all = readAttempts(attempts);
  const { delayMs, signal, budget } = checkObject('options', options);
  checkNumber('delayMs', delayMs, { min: 0, infinite: true });
  if (budget !== undefined) checkMethods('budget', budget, ['countCall', 'tryExtraCall']);
  if (signal !== undefined) checkSignal('signal', signal).throwIfAborted();
  budget?.countCall();

  return new Promise<T>((resolve, reject) => {
    const running = new Set<AbortController>();
    const errors: unknown[] = [];
    let started = 0;
    let isOver = false;
    let stopTimer = (): void => {};

    const finish = (reason?: unknown): void => {
      isOver = true;
      stopTimer();
      signal?.removeEventListener('abort', onAbort);
      for (const controller of running) controller.abort(reason);
    };
    const onAbort = (): void => {
      // One microtask later: a success that is already there comes first.
      queueMicrotask(() => reject(signal?.reason));
      finish(signal?.reason);
    };
    const startNext = (): void => {
      stopTimer();
      if (started === all.length) return;
      if (started > 0 && budget?.tryExtraCall() === false) return;
      const index = started++;
      const controller = new AbortController();
      running.add(controller);
      if (started < all.length) stopTimer = startTimer(delayMs, startNext);
      settled(() => all[index]!(controller.signal)).then(
        (value) => {
          running.delete(controller);
          resolve(value);
          finish();
        },
        (error: unknown) => {
          running.delete(controller);
          if (isOver) return;
          errors[index] = error;
          startNext();
          if (running.size > 0) return;
          reject(new AggregateError(errors, `All ${errors.length} attempts failed`));
          finish();
        },
      );
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    startNext();
  });
}

/** A copy, checked: the caller's own may change while they run. */
function readAttempts<A>(attempts: readonly A[]): readonly A[] {
  if (!Array.isArray(attempts)) throw new TypeError('Expected `attempts` to be an array');
  if (attempts.length === 0)
    throw new RangeError('Expected `attempts` to hold at least one, got 0');
  return attempts.map((attempt: A, index) => checkFunction(`attempts[${index}]`, attempt));
}
