import {
  checkBoolean,
  checkFunction,
  checkInteger,
  checkMethods,
  checkNumber,
  checkObject,
} from '@kortana/errors';
import { type Clock, systemClock } from '@kortana/perf';

export interface BatchProgress {
  /** Items that have ended, well or not. */
  completed: number;
  /** Those of them that failed. */
  failed: number;
  /** How many there are in all, where the source tells (an array, a Set, a Map). */
  total?: number;
}

export interface RateLimit {
  /** How many handlers start within an interval at most, an integer from 1 up. */
  limit: number;
  /** The interval in milliseconds above 0; it slides. */
  intervalMs: number;
}

export interface BatchOptions {
  /** How many items a handler of `processBatches` gets at most, an integer from 1 up; default: 10. */
  batchSize?: number | undefined;
  /** How many handlers of one call run at once, an integer from 1 up; default: 5. */
  maxConcurrent?: number | undefined;
  /** How long one handler may take, in milliseconds above 0; longer is a TimeoutError. Default: no limit. */
  timeoutMs?: number | undefined;
  /**
   * Whether the place of a handler that timed out is given on before it has really ended, so that
   * more than `maxConcurrent` may run; default: false.
   */
  releaseOnTimeout?: boolean | undefined;
  /** A bound on how fast handlers start, over all calls of this processor; default: none. */
  rateLimit?: RateLimit | undefined;
  /** Told after each item that ended. */
  onProgress?: ((progress: BatchProgress) => void) | undefined;
  /** Monotonic, in milliseconds; default: `performance`. */
  clock?: Clock | undefined;
}

export type BatchSettings = ReturnType<typeof readBatchOptions>;

export function readBatchOptions(options: BatchOptions = {}) {
  const {
    batchSize = 10,
    maxConcurrent = 5,
    timeoutMs = Infinity,
    releaseOnTimeout = false,
    rateLimit,
    onProgress,
    clock = systemClock,
  } = checkObject('options', options);
  if (onProgress !== undefined) checkFunction('onProgress', onProgress);
  return {
    batchSize: checkInteger('batchSize', batchSize, { min: 1 }),
    maxConcurrent: checkInteger('maxConcurrent', maxConcurrent, { min: 1 }),
    timeoutMs: checkNumber('timeoutMs', timeoutMs, { above: 0, infinite: true }),
    releaseOnTimeout: checkBoolean('releaseOnTimeout', releaseOnTimeout),
    rateLimit: rateLimit && readRateLimit(rateLimit),
    onProgress,
    clock: checkMethods('clock', clock, ['now']),
  };
}

function readRateLimit(rateLimit: RateLimit): RateLimit {
  const { limit, intervalMs } = checkObject('rateLimit', rateLimit);
  return {
    limit: checkInteger('rateLimit.limit', limit, { min: 1 }),
    intervalMs: checkNumber('rateLimit.intervalMs', intervalMs, { above: 0 }),
  };
}
