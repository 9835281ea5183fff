import { diagnose, isRecoverable } from './diagnose.ts';
import { derive } from './kinds/derive.ts';
import { ServiceError } from './kinds/service-error.ts';
import { TimeoutError } from './kinds/timeout-error.ts';
import { ValidationError, type ValidationErrorOptions } from './kinds/validation-error.ts';
import { KortanaError, type KortanaErrorOptions } from './kortana-error.ts';
import { messageOf } from './message-of.ts';
import { readText } from './read-option.ts';

/** What to say of an error that fits no class: a message if it has none itself, and options. */
export type ErrorFallback = string | (KortanaErrorOptions & { message?: string | undefined });

/**
 * The same object if it is a KortanaError already, else one of the class that fits best, with the
 * given error as its `cause`. Never throws.
 */
export function toKortanaError(error: unknown, fallback?: ErrorFallback): KortanaError {
  if (KortanaError.isInstance(error)) return error;
  const orElse = typeof fallback === 'string' ? { message: fallback } : fallback;
  const message = messageOf(error, readText(orElse, 'message'));
  const diagnosis = diagnose(error);
  const recoverable = isRecoverable(diagnosis);
  switch (diagnosis.kind) {
    case 'aborted':
      return new KortanaError(message, { code: 'ABORTED', cause: error });
    case 'timeout':
      return new TimeoutError(message, { cause: error });
    case 'network':
      return new ServiceError(message, { recoverable, cause: error });
    case 'status': {
      const { status: httpStatus, retryAfterMs } = diagnosis;
      return new ServiceError(message, { httpStatus, retryAfterMs, cause: error });
    }
    case 'invalid': {
      const issues = diagnosis.issues as ValidationErrorOptions['issues'];
      return new ValidationError(message, { issues, cause: error });
    }
    case 'told':
    case 'many':
    case 'silent': {
      const kind = { severity: 'medium', code: () => 'KORTANA_ERROR', recoverable } as const;
      const options = { ...derive(orElse, kind, true), cause: error };
      if (diagnosis.kind === 'told') options.retryAfterMs ??= diagnosis.retryAfterMs;
      return new KortanaError(message, options);
    }
  }
}
