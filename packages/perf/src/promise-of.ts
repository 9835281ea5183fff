import { isThenable } from '@kortana/errors';

/** The promise that a call gave, if it gave one; another kind of awaitable is made one. */
export function promiseOf(result: unknown): Promise<unknown> | undefined {
  if (result instanceof Promise) return result;
  return isThenable(result) ? Promise.resolve(result) : undefined;
}
