import { abortable, startTimer } from '@kortana/async';
import { TimeoutError } from '@kortana/errors';
import type { Clock } from '@kortana/perf';
import type { Journal } from '../observe/journal.ts';
import type { Stage } from './call.ts';
import { stoppable } from './stoppable.ts';

/** How much is left of the time that a request may take in all, in milliseconds; 0 or below: none. */
export function restOf({ startedAt }: Journal, totalMs: number, clock: Clock): number {
  return totalMs - (clock.now() - startedAt);
}

/** Bounds a request from its beginning to its last piece, whatever is tried in between. */
export function withinTotalTime(totalMs: number, clock: Clock): Stage {
  return async (call, next) => {
    const restMs = restOf(call.journal, totalMs, clock);
    if (restMs <= 0) throw tooLate(totalMs);
    return stoppable(call.signal, async (controller) => {
      const { signal } = controller;
      const stopTimer = startTimer(restMs, () => controller.abort(tooLate(totalMs)));
      try {
        return await abortable(signal, () => next({ ...call, signal }));
      } finally {
        stopTimer();
      }
    });
  };
}

function tooLate(timeoutMs: number): TimeoutError {
  const operation = 'answer';
  return new TimeoutError(`There was no whole answer after ${timeoutMs} ms`, {
    operation,
    timeoutMs,
  });
}
