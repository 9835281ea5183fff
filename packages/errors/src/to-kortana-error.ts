import { handleError } from './handle-error.ts';
import { TimeoutError } from './kinds/timeout-error.ts';
import { ServiceError } from './kinds/service-error.ts';
import { ValidationError, type ValidationIssue } from './kinds/validation-error.ts';
import { look } from './look.ts';
import { KortanaError, type KortanaErrorOptions } from './kortana-error.ts';
import { isTransientCode } from './transient.ts';
import { readNumber } from './read-option.ts';

/** What an error becomes that fits no class; a text is its message. */
export type ErrorFallback = string | (KortanaErrorOptions & { message?: string | undefined });

/**
 * The same object if it is a KortanaError already, else one of the best fitting class, with the
 * given error as its `cause`. Never throws.
 */
export function toKortanaError(error: unknown, fallback?: ErrorFallback): KortanaError {
  if (KortanaError.isInstance(error)) return error;
  const [recoverable, message] = handleError(error);
  const told = look(error);
  const options = { recoverable, cause: error };
  if (told.name === 'AbortError' || told.code === 'ABORT_ERR') {
    return new KortanaError(message, { ...options, code: 'ABORTED' });
  }
  if (told.name === 'TimeoutError' || told.code === 'ETIMEDOUT') {
    return new TimeoutError(message, options);
  }
  if (told.status !== undefined) {
    const retryAfterMs = readNumber(error as { retryAfterMs?: number }, 'retryAfterMs');
    return new ServiceError(message, { ...options, httpStatus: told.status, retryAfterMs });
  }
  if (told.issues !== undefined) {
    return new ValidationError(message, { cause: error, issues: told.issues as ValidationIssue[] });
  }
  if (isTransientCode(told.code)) return new ServiceError(message, options);
  const { message: orElse = message, ...rest } =
    typeof fallback === 'string' ? { message: fallback } : (fallback ?? {});
  return new KortanaError(told.message ?? orElse, { ...options, ...rest });
}
