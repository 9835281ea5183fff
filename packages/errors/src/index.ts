export { ErrorSeverity } from './severity.ts';
export { KortanaError, type KortanaErrorOptions } from './kortana-error.ts';
export type { SerializedError } from './serialize-error.ts';
export { ConfigurationError, type ConfigurationErrorOptions } from './kinds/configuration-error.ts';
export { MemoryError, type MemoryErrorOptions } from './kinds/memory-error.ts';
export { ModelError, type ModelErrorOptions } from './kinds/model-error.ts';
export { ServiceError, type ServiceErrorOptions } from './kinds/service-error.ts';
export {
  ValidationError,
  type ValidationErrorOptions,
  type ValidationIssue,
} from './kinds/validation-error.ts';
export { TimeoutError, type TimeoutErrorOptions } from './kinds/timeout-error.ts';
export { RetryableError, type RetryableErrorOptions } from './kinds/retryable-error.ts';

export { handleError } from './handle-error.ts';
export { toKortanaError, type ErrorFallback } from './to-kortana-error.ts';
export { ErrorContext, type ErrorContextOptions } from './error-context.ts';

export { isSecretKey } from './masking/is-secret-key.ts';
export { maskText } from './masking/mask-text.ts';
export { maskSecrets } from './masking/mask-secrets.ts';
export type { PlainRecord, PlainValue } from './masking/plain-value.ts';

// For authors of packages.
export { isThenable } from './is-thenable.ts';
export { issuePath } from './kinds/issue-path.ts';
export { brandErrorClass } from './brand.ts';
export { callHook } from './hooks/call-hook.ts';
export { reportHookError } from './hooks/report-hook-error.ts';
export {
  checkBoolean,
  checkFunction,
  checkMethods,
  checkObject,
  checkSignal,
  checkString,
} from './checks/check-kind.ts';
export { checkInteger, checkNumber, type NumberBounds } from './checks/check-number.ts';
export { checkOneOf } from './checks/check-one-of.ts';
