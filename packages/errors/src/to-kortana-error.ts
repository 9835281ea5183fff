import { diagnose, isRecoverable } from './diagnose.ts';
import { ServiceError } from './kinds/service-error.ts';
import { TimeoutError } from './kinds/timeout-error.ts';
import { ValidationError, type ValidationErrorOptions } from './kinds/validation-error.ts';
import { KortanaError, type KortanaErrorOptions } from './kortana-error.ts';
import { messageOf } from './message-of.ts';

/** What to say of an error that fits no class: a message if it has none itself, and options. */
export type ErrorFallback = string | (KortanaErrorOptions & { message?: string | undefined });

/**
 * The same object if it is a KortanaError already, else one of the class that fits best, with the
 * given error as its `cause`. Never throws.
 */
export function toKortanaError(error: unknown, fallback?: ErrorFallback): KortanaError {
  if (KortanaError.isInstance(error)) return error;
  const diagnosis = diagnose(error);
  const { message: orElse, ...rest } =
    typeof fallback === 'string' ? { message: fallback } : { ...fallback };
  const message = messageOf(error, orElse);
  const options = { recoverable: isRecoverable(diagnosis), cause: error };
  switch (diagnosis.kind) {
    case 'aborted':
      return new KortanaError(message, { ...options, code: 'ABORTED' });
    case 'timeout':
      return new TimeoutError(message, { cause: error });
    case 'network':
      return new ServiceError(message, options);
    case 'status': {
      const { status: httpStatus, retryAfterMs } = diagnosis;
      return new ServiceError(message, { ...options, httpStatus, retryAfterMs });
    }
    case 'invalid': {
      const issues = diagnosis.issues as ValidationErrorOptions['issues'];
      return new ValidationError(message, { issues, cause: error });
    }
    case 'told':
      return new KortanaError(message, {
        ...options,
        retryAfterMs: diagnosis.retryAfterMs,
        ...rest,
      });
    case 'many':
    case 'silent':
      return new KortanaError(message, { ...options, ...rest });
  }
}
