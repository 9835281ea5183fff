import { callHook } from '@kortana/errors';
import { getLogger } from '@logtape/logtape';

/** Silent until the application configures LogTape for `kortana`. */
export const logger = getLogger(['kortana', 'async']);

/** Calls a hook of the user's; what goes wrong in it is logged and changes nothing. */
export function tell<A extends readonly unknown[]>(
  name: string,
  hook: ((...args: A) => unknown) | undefined,
  args: A,
): void {
  callHook(name, hook, args, logHookError);
}

export function logHookError(name: string, error: unknown): void {
  logger.warn('`{name}` failed: {error}', { name, error });
}
