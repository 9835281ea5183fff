import { isThenable } from '@kortana/errors';

/** The promise that a call gave, if it gave one; another kind of awaitable is made one. Never throws. */
export function promiseOf(result: unknown): Promise<unknown> | undefined {
  try {
    if (result instanceof Promise) return result;
  } catch {
    return undefined; // a revoked or hostile proxy
  }
  return isThenable(result) ? Promise.resolve(result) : undefined;
}
