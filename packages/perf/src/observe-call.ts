import { promiseOf } from './promise-of.ts';

/**
 * Makes a call, and tells how it ended: at once, or for a promise when it settles. What the call gives
 * or throws passes untouched.
 *
 * @param onEnd must not throw
 */
export function observeCall<T>(
  call: () => T,
  onEnd: (success: boolean, error?: unknown) => void,
): T {
  const fail = (error: unknown): never => {
    onEnd(false, error);
    throw error;
  };
  let result: T;
  try {
    result = call();
  } catch (error) {
    return fail(error);
  }
  const promise = promiseOf(result);
  if (promise === undefined) {
    onEnd(true);
    return result;
  }
  const succeed = <V>(value: V): V => {
    onEnd(true);
    return value;
  };
  return promise.then(succeed, fail) as T;
}
