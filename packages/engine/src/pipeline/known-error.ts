import { KortanaError, ServiceError, toKortanaError } from '@kortana/errors';
import { retryAfterMs } from '@kortana/llm';

/** One error is looked at by several stages, and thrown to all who share a call. */
const seen = new WeakMap<object, KortanaError>();

/**
 * What a model threw, as a KortanaError; the same one each time. A model of the user's own may throw
 * anything: the SDK's error with the headers of the reply, a bare status, no error at all.
 */
export function knownError(error: unknown): KortanaError {
  if (KortanaError.isInstance(error)) return error;
  if (typeof error !== 'object' || error === null) return toKortanaError(error);
  const known = seen.get(error) ?? withWait(toKortanaError(error), error);
  seen.set(error, known);
  return known;
}

/** What receipts, notices and log lines call an error. */
export function codeOf(error: unknown): string {
  return knownError(error).code;
}

/** The SDK keeps Retry-After where it found it: in the headers. */
function withWait(known: KortanaError, error: object): KortanaError {
  if (!ServiceError.isInstance(known) || known.retryAfterMs !== undefined) return known;
  const waitMs = waitIn(error);
  if (waitMs === undefined) return known;
  const { message, httpStatus, recoverable } = known;
  return new ServiceError(message, { httpStatus, recoverable, retryAfterMs: waitMs, cause: error });
}

function waitIn(error: object): number | undefined {
  try {
    const headers: unknown = Reflect.get(error, 'headers');
    return headers === undefined ? undefined : retryAfterMs(new Headers(headers as Headers));
  } catch {
    return undefined; // no headers, whatever they are called
  }
}
