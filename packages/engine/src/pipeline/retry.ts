import { sleep } from '@kortana/async';
import type { Stage } from './call.ts';
import { codeOf } from './error-code.ts';
import { verdictOn } from './verdict.ts';

export interface RetrySettings {
  /** A longer wish of the far side means: not here. */
  readonly maxRetryAfterMs: number;
  /** Attempts that one request may make in all. */
  readonly maxCalls: number;
  /** The user said himself after which errors to ask again. */
  readonly judgesRetry: boolean;
}

/** Asks the same model again after what may pass, while nothing of the answer is out. */
export function retried({ maxRetryAfterMs, maxCalls, judgesRetry: judges }: RetrySettings): Stage {
  return async (call, next) => {
    const { lane, journal, output, signal } = call;
    const sent = output.pieces;
    for (let attempt = 1; ; attempt++) {
      try {
        return await next(call);
      } catch (error) {
        const mayAsk =
          !signal?.aborted &&
          output.pieces === sent &&
          (judges || verdictOn(error).again) &&
          retryAfterMs(error) <= maxRetryAfterMs &&
          // Each model that is still to be asked has its call reserved.
          journal.calls + journal.unasked(call.lanes) < maxCalls;
        const delayMs = mayAsk ? lane.retry.nextDelayMs(error, attempt) : undefined;
        if (delayMs === undefined) throw error;
        journal.retrying(lane, attempt, delayMs, codeOf(error));
        await sleep(delayMs, { signal });
      }
    }
  };
}

function retryAfterMs(error: unknown): number {
  return (error as { retryAfterMs?: number } | null | undefined)?.retryAfterMs ?? 0;
}
