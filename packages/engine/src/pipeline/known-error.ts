import { KortanaError, ModelError, ServiceError, toKortanaError } from '@kortana/errors';
import { providerError } from '@kortana/llm';

/** One error is looked at by several stages, and thrown to all who share a call. */
const seen = new WeakMap<object, KortanaError>();

/**
 * What a model threw, as a KortanaError; the same one each time. A model of the user's own may throw
 * anything: the SDK's error with the reply's headers and body, a bare status, no error at all.
 */
export function knownError(error: unknown): KortanaError {
  if (KortanaError.isInstance(error)) return error;
  if (typeof error !== 'object' || error === null) return toKortanaError(error);
  const known = seen.get(error) ?? understood(error);
  seen.set(error, known);
  return known;
}

/** What receipts, notices and log lines call an error. */
export function codeOf(error: unknown): string {
  return knownError(error).code;
}

/** What providers mean by a status, a code and a header is known where they are asked by ourselves. */
function understood(error: object): KortanaError {
  const known = toKortanaError(error);
  if (!ServiceError.isInstance(known) || known.httpStatus === undefined) return known;
  const { message, httpStatus: status } = known;
  const headers = headersOf(error);
  const told = providerError(somebody, { status, body: error, ...(headers && { headers }) });
  const { code, recoverable, retryAfterMs = known.retryAfterMs } = told;
  if (ModelError.isInstance(told)) {
    return new ModelError(message, { code, recoverable, retryAfterMs, cause: error });
  }
  return new ServiceError(message, { httpStatus: status, recoverable, retryAfterMs, cause: error });
}

const somebody = { provider: 'model', model: '', redact: (text: string) => text };

function headersOf(error: object): Headers | undefined {
  try {
    const headers: unknown = Reflect.get(error, 'headers');
    return headers === undefined ? undefined : new Headers(headers as Headers);
  } catch {
    return undefined; // no headers, whatever they are called
  }
}
