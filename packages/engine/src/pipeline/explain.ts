import type { Stage } from './call.ts';
import { knownError } from './known-error.ts';

/**
 * Whoever asked gets a KortanaError, whatever the model threw. Inside, errors stay what they are: the
 * user's own rules (`retryOn`, `expectedException`) are about those.
 */
export function explained(): Stage {
  return async (call, next) => {
    try {
      return await next(call);
    } catch (error) {
      throw call.signal?.aborted === true ? error : knownError(error);
    }
  };
}
