import { withTimeout } from '@kortana/async';
import type { Stage } from './call.ts';

/** Bounds a request from its first call to its last piece, whatever is tried in between. */
export function withinTotalTime(timeoutMs: number): Stage {
  return (call, next) =>
    withTimeout((signal) => next({ ...call, signal }), {
      timeoutMs,
      operation: 'answer',
      signal: call.signal,
    });
}
