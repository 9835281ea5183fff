import { KortanaError, TimeoutError } from '@kortana/errors';
import type { PoolStats } from './pool-options.ts';

export function poolClosed(): KortanaError {
  return new KortanaError('The pool is closed', { code: 'POOL_CLOSED' });
}

export function poolFull(waiting: number): KortanaError {
  return new KortanaError(`${waiting} callers wait for a connection already`, {
    code: 'POOL_FULL',
    recoverable: true,
  });
}

/** @param cause why no connection could be made, where that is known */
export function acquireTimeout(timeoutMs: number, stats: PoolStats, cause: unknown): TimeoutError {
  return new TimeoutError(`acquire took longer than ${timeoutMs} ms`, {
    operation: 'acquire',
    timeoutMs,
    context: { ...stats },
    cause,
  });
}
