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
  let result: T;
  try {
    result = call();
  } catch (error) {
    onEnd(false, error);
    throw error;
  }
  return observeResult(
    result,
    () => onEnd(true),
    (error) => onEnd(false, error),
  );
}

/**
 * Tells how the result of a call ends. A promise is looked at and passed on, not followed by another
 * one: the caller gets the very promise (of whatever class) that the call gave, hears of its end after
 * `onValue` or `onError` has, and may drop it.
 */
export function observeResult<T>(
  result: T,
  onValue: () => void,
  onError: (error: unknown) => void,
): T {
  const promise = promiseOf(result);
  if (promise === undefined) {
    onValue();
    return result;
  }
  promise.then(onValue, onError);
  return promise as T;
}
