import { isThenable } from '../is-thenable.ts';
import { reportHookError } from './report-hook-error.ts';

/**
 * For authors of packages: calls a hook, listener or sink of the user's, so that nothing it does
 * changes the result of the caller. What it throws, and what its promise rejects with, is reported.
 *
 *     callHook('onRemove', options.onRemove, [key, value, reason]);
 *
 * @param report told of a failure; default: `reportHookError`. Packages with a logger give their own.
 */
export function callHook<A extends readonly unknown[]>(
  name: string,
  hook: ((...args: A) => unknown) | undefined,
  args: A,
  report: (name: string, error: unknown) => void = reportHookError,
): void {
  if (hook === undefined) return;
  const failed = (error: unknown) => {
    try {
      report(name, error);
    } catch {
      // Nobody is left to tell.
    }
  };
  try {
    const result = hook(...args);
    if (isThenable(result)) result.then(undefined, failed);
  } catch (error) {
    failed(error);
  }
}
