import { type RetryEvent, sleep } from '@kortana/async';
import { callHook } from '@kortana/errors';
import type { Clock } from '@kortana/perf';
import type { Observer } from '../observe/observer.ts';
import type { Stage } from './call.ts';
import { codeOf, knownError } from './known-error.ts';
import { verdictOn } from './verdict.ts';

export interface RetrySettings {
  /** A longer wish of the far side means: not here. */
  readonly maxRetryAfterMs: number;
  /** Attempts that one request may make in all. */
  readonly maxCalls: number;
  /** The user said himself after which errors to ask again. */
  readonly judgesRetry: boolean;
  readonly clock: Clock;
  /** The user's own, told before each pause. */
  readonly onRetry: ((event: RetryEvent) => void) | undefined;
  readonly observer: Observer;
}

/** Asks the same model again after what may pass, while nothing of the answer is out. */
export function retried(settings: RetrySettings): Stage {
  const { maxRetryAfterMs, maxCalls, judgesRetry, clock, onRetry, observer } = settings;
  return async (call, next) => {
    const { lane, journal, effort, output, signal } = call;
    const sent = output.pieces;
    const startedAt = clock.now();
    for (let attempt = 1; ; attempt++) {
      try {
        return await next(call);
      } catch (error) {
        const waitMs = knownError(error).retryAfterMs ?? 0;
        const mayAsk =
          !signal?.aborted &&
          output.pieces === sent &&
          (judgesRetry || verdictOn(error).again) &&
          waitMs <= maxRetryAfterMs &&
          // Each model that is still to be asked has its call reserved.
          effort.calls + effort.unasked(call.lanes) < maxCalls;
        const elapsedMs = clock.now() - startedAt;
        const pauseMs = mayAsk ? lane.retry.nextDelayMs(error, attempt, elapsedMs) : undefined;
        if (pauseMs === undefined) throw error;
        // It would be refused after the pause; so it is at once, and the next model need not wait.
        if (lane.breaker.state === 'open') continue;
        const delayMs = Math.max(pauseMs, waitMs);
        journal.retrying(lane, attempt, delayMs, codeOf(error));
        callHook('onRetry', onRetry, [{ error, attempt, delayMs }], observer.onHookError);
        await sleep(delayMs, { signal });
      }
    }
  };
}
