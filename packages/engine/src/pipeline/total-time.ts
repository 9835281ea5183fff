import { abortable, startTimer } from '@kortana/async';
import { TimeoutError } from '@kortana/errors';
import type { Door } from '../observe/door.ts';
import type { Stage } from './call.ts';

/**
 * Bounds a request from its first wait to its last piece, whatever is tried in between: by its time,
 * and by the end of the engine.
 */
export function withinTotalTime(timeoutMs: number, door: Door): Stage {
  return (call, next) =>
    door.stoppable(call.signal, async (controller) => {
      const { signal } = controller;
      const stopTimer = startTimer(timeoutMs, () => controller.abort(tooLate(timeoutMs)));
      try {
        return await abortable(signal, () => next({ ...call, signal }));
      } finally {
        stopTimer();
      }
    });
}

function tooLate(timeoutMs: number): TimeoutError {
  const operation = 'answer';
  return new TimeoutError(`There was no whole answer after ${timeoutMs} ms`, {
    operation,
    timeoutMs,
  });
}
