import { checkFunction, checkSignal } from '@kortana/errors';
import pRetry from 'p-retry';
import { logHookError, tell } from '../log.ts';
import { abortable } from '../waiting/abortable.ts';
import { droppable } from '../waiting/droppable.ts';
import { sleep } from '../waiting/sleep.ts';
import { runWithin } from '../waiting/with-timeout.ts';
import { backoffDelayMs } from './backoff.ts';
import { fieldOf } from './field-of.ts';
import { isRecoverable } from './is-recoverable.ts';
import { readRetryOptions, type RetryOptions, type RetrySettings } from './retry-options.ts';

/** What an attempt is told. */
export interface AttemptContext {
  /** Its number, from 1 up. */
  readonly attempt: number;
  /** Aborted when the caller aborts or the attempt's time is up. */
  readonly signal: AbortSignal;
}

export interface RetryRunOptions {
  /** Its abort rejects at once with its reason, in an attempt as in a pause. */
  signal?: AbortSignal | undefined;
}

/**
 * Tries again after failures that may pass, with growing, jittered pauses. The last error is thrown
 * as it came; a success is never thrown away.
 *
 *     const retry = new AsyncRetry({ maxAttempts: 5 });
 *     await retry.run(({ signal }) => fetchPrice(signal));
 */
export class AsyncRetry {
  readonly #settings: RetrySettings;

  constructor(options?: RetryOptions) {
    this.#settings = readRetryOptions(options);
  }

  run<T>(
    fn: (context: AttemptContext) => PromiseLike<T> | T,
    options?: RetryRunOptions,
  ): Promise<T> {
    const signal = options?.signal;
    const { budget, clock, maxElapsedMs } = this.#settings;
    let startedAt = 0;
    try {
      if (typeof fn !== 'function') checkFunction('fn', fn);
      if (signal !== undefined) checkSignal('signal', signal).throwIfAborted();
      budget?.countCall();
      if (maxElapsedMs !== Infinity) startedAt = clock.now();
    } catch (error) {
      return droppable(Promise.reject(error));
    }
    // Whatever is for failures only waits for one: a success costs little more than the call.
    const result: Promise<T> = this.#attempt(fn, 1, signal).then(undefined, (error: unknown) => {
      void droppable(result);
      return this.#retry(fn, error, startedAt, signal);
    });
    return result;
  }

  /** A function like `fn` that tries again. `this` and the arguments are kept. */
  wrap<This, A extends unknown[], R>(
    fn: (this: This, ...args: A) => PromiseLike<R> | R,
  ): (this: This, ...args: A) => Promise<R> {
    checkFunction('fn', fn);
    // eslint-disable-next-line @typescript-eslint/no-this-alias
    const retry = this;
    return function (this: This, ...args: A): Promise<R> {
      return retry.run(() => fn.apply(this, args));
    };
  }

  /**
   * The decision alone, for whoever runs the attempts himself: the pause in milliseconds before the
   * next attempt, or undefined to give up. Takes one extra call from the budget.
   *
   * @param attempt the one that failed, from 1 up
   * @param elapsedMs the time since the first attempt began; default: 0
   */
  nextDelayMs(error: unknown, attempt: number, elapsedMs = 0): number | undefined {
    const { maxAttempts, maxElapsedMs, budget } = this.#settings;
    if (attempt >= maxAttempts || !this.#isWorthIt(error, attempt)) return undefined;
    const delayMs = backoffDelayMs(attempt, this.#settings, retryAfterOf(error));
    if (delayMs === undefined || elapsedMs + delayMs > maxElapsedMs) return undefined;
    return budget === undefined || budget.tryExtraCall() ? delayMs : undefined;
  }

  /** p-retry drives the attempts; whether and when there is a next one is decided here. */
  async #retry<T>(
    fn: (context: AttemptContext) => PromiseLike<T> | T,
    firstError: unknown,
    startedAt: number,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const { clock, maxAttempts, maxElapsedMs, onRetry } = this.#settings;
    const attempt = async (number: number): Promise<T> => {
      try {
        if (number === 1) throw firstError;
        return await this.#attempt(fn, number, signal);
      } catch (error) {
        throw new Failure(error);
      }
    };
    try {
      return await pRetry(attempt, {
        retries: maxAttempts - 1,
        minTimeout: 0,
        shouldRetry: async ({ error: failure, attemptNumber }) => {
          const { error } = failure as Failure;
          signal?.throwIfAborted();
          const elapsedMs = maxElapsedMs === Infinity ? 0 : clock.now() - startedAt;
          const delayMs = this.nextDelayMs(error, attemptNumber, elapsedMs);
          if (delayMs === undefined) return false;
          tell('onRetry', onRetry, [{ error, attempt: attemptNumber, delayMs }]);
          await sleep(delayMs, { signal });
          return true;
        },
      });
    } catch (failure) {
      throw failure instanceof Failure ? failure.error : failure;
    }
  }

  #attempt<T>(
    fn: (context: AttemptContext) => PromiseLike<T> | T,
    attempt: number,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const { attemptTimeoutMs } = this.#settings;
    if (attemptTimeoutMs !== Infinity) return attemptWithin(attemptTimeoutMs, fn, attempt, signal);
    return abortable(signal, fn, new Context(attempt, signal));
  }

  #isWorthIt(error: unknown, attempt: number): boolean {
    try {
      return this.#settings.retryOn(error, attempt);
    } catch (hookError) {
      logHookError('retryOn', hookError);
      return isRecoverable(error);
    }
  }
}

function attemptWithin<T>(
  timeoutMs: number,
  fn: (context: AttemptContext) => PromiseLike<T> | T,
  attempt: number,
  outer: AbortSignal | undefined,
): Promise<T> {
  return runWithin((signal) => fn({ attempt, signal }), timeoutMs, `attempt ${attempt}`, outer);
}

/** Carries what was thrown through p-retry, which would wrap a non-error and not retry a TypeError. */
class Failure extends Error {
  readonly error: unknown;

  constructor(error: unknown) {
    super('An attempt failed');
    this.error = error;
  }
}

/** Makes a signal for an attempt without one only when it is asked for. */
class Context implements AttemptContext {
  readonly attempt: number;
  #signal: AbortSignal | undefined;

  constructor(attempt: number, signal: AbortSignal | undefined) {
    this.attempt = attempt;
    this.#signal = signal;
  }

  get signal(): AbortSignal {
    return (this.#signal ??= new AbortController().signal);
  }
}

function retryAfterOf(error: unknown): number {
  const ms = fieldOf(error, 'retryAfterMs');
  return typeof ms === 'number' && ms > 0 ? ms : 0;
}
