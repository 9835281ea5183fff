import {
  checkFunction,
  checkInteger,
  checkMethods,
  checkNumber,
  checkObject,
  checkOneOf,
} from '@kortana/errors';
import { type Clock, systemClock } from '@kortana/perf';
import type { RetryBudget } from './retry-budget.ts';
import { isRecoverable } from './is-recoverable.ts';

export type Jitter = 'none' | 'full' | 'equal';

/** One failed attempt that will be followed by another. */
export interface RetryEvent {
  error: unknown;
  /** Which attempt failed, from 1 up. */
  attempt: number;
  /** The pause before the next, in milliseconds. */
  delayMs: number;
}

export interface RetryOptions {
  /** Attempts in all, the first included; an integer from 1 up; default: 3. */
  maxAttempts?: number | undefined;
  /** The first pause in milliseconds, from 0 up; default: 1000. */
  initialDelayMs?: number | undefined;
  /** What each pause is multiplied by for the next, from 1 up; default: 2. */
  backoffFactor?: number | undefined;
  /** The longest pause in milliseconds, from 0 up; default: 60 000. */
  maxDelayMs?: number | undefined;
  /**
   * How the pause is spread so that callers don't come back all at once: `'full'`: anything from 0
   * to the pause, `'equal'`: half of it and up, `'none'`: the pause itself. Default: `'full'`.
   */
  jitter?: Jitter | undefined;
  /**
   * No attempt starts later than this after the first, in milliseconds above 0. One that is running
   * is not cut. Default: no bound.
   */
  maxElapsedMs?: number | undefined;
  /** How long one attempt may take, in milliseconds above 0; longer is a TimeoutError. Default: no bound. */
  attemptTimeoutMs?: number | undefined;
  /** Whether to try again after this error; default: if `handleError` calls it recoverable and it is no open circuit. */
  retryOn?: ((error: unknown, attempt: number) => boolean) | undefined;
  /** A bound on the extra calls of all who share it; default: none. */
  budget?: RetryBudget | undefined;
  /** Told before each pause. */
  onRetry?: ((event: RetryEvent) => void) | undefined;
  /** Monotonic, in milliseconds; default: `performance`. */
  clock?: Clock | undefined;
  /** From 0 to 1, as `Math.random`, which is the default. */
  random?: (() => number) | undefined;
}

export interface RetrySettings {
  readonly maxAttempts: number;
  readonly initialDelayMs: number;
  readonly backoffFactor: number;
  readonly maxDelayMs: number;
  readonly jitter: Jitter;
  readonly maxElapsedMs: number;
  readonly attemptTimeoutMs: number;
  readonly retryOn: (error: unknown, attempt: number) => boolean;
  readonly budget: RetryBudget | undefined;
  readonly onRetry: ((event: RetryEvent) => void) | undefined;
  readonly clock: Clock;
  readonly random: () => number;
}

export function readRetryOptions(options: RetryOptions = {}): RetrySettings {
  const {
    maxAttempts = 3,
    initialDelayMs = 1000,
    backoffFactor = 2,
    maxDelayMs = 60_000,
    jitter = 'full',
    maxElapsedMs = Infinity,
    attemptTimeoutMs = Infinity,
    retryOn = isRecoverable,
    budget,
    onRetry,
    clock = systemClock,
    random = Math.random,
  } = checkObject('options', options);
  if (onRetry !== undefined) checkFunction('onRetry', onRetry);
  if (budget !== undefined) checkMethods('budget', budget, ['countCall', 'tryExtraCall']);
  return {
    maxAttempts: checkInteger('maxAttempts', maxAttempts, { min: 1 }),
    initialDelayMs: checkNumber('initialDelayMs', initialDelayMs, { min: 0 }),
    backoffFactor: checkNumber('backoffFactor', backoffFactor, { min: 1 }),
    maxDelayMs: checkNumber('maxDelayMs', maxDelayMs, { min: 0 }),
    jitter: checkOneOf('jitter', jitter, ['none', 'full', 'equal']),
    maxElapsedMs: checkNumber('maxElapsedMs', maxElapsedMs, { above: 0, infinite: true }),
    attemptTimeoutMs: checkNumber('attemptTimeoutMs', attemptTimeoutMs, {
      above: 0,
      infinite: true,
    }),
    retryOn: checkFunction('retryOn', retryOn),
    budget,
    onRetry,
    clock: checkMethods('clock', clock, ['now']),
    random: checkFunction('random', random),
  };
}
