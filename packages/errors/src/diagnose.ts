import { KortanaError } from './kortana-error.ts';
import { look } from './look.ts';
import { readFlag } from './read-option.ts';
import { isTimeoutCode, isTransientCode, isTransientStatus } from './transient.ts';

/** What an error is, by the first sign found on it, on its children or along its causes. */
export type Diagnosis =
  | { kind: 'told'; recoverable: boolean; retryAfterMs: number | undefined }
  | { kind: 'aborted' }
  | { kind: 'timeout' }
  | { kind: 'network' }
  | { kind: 'status'; status: number; retryAfterMs: number | undefined }
  | { kind: 'invalid'; issues: unknown[] }
  | { kind: 'many'; recoverable: boolean }
  | { kind: 'silent' };

/**
 * So many causes and children are looked at: what lies beyond (or in a cycle) says nothing, hence an
 * AggregateError with more children is not recoverable.
 */
const mostErrors = 1000;

/** Total: takes anything, never throws. */
export function diagnose(error: unknown, budget = { left: mostErrors }): Diagnosis {
  if (typeof error !== 'object' || error === null || budget.left-- <= 0) return { kind: 'silent' };
  const { name, code, status, retryAfterMs, errors, issues, cause } = look(error);
  if (KortanaError.isInstance(error)) {
    return { kind: 'told', recoverable: readFlag(error, 'recoverable') === true, retryAfterMs };
  }
  if (name === 'AbortError' || code === 'ABORT_ERR') return { kind: 'aborted' };
  if (name === 'TimeoutError' || isTimeoutCode(code)) return { kind: 'timeout' };
  if (errors !== undefined) {
    const all = errors.length > 0 && errors.every((one) => isRecoverable(diagnose(one, budget)));
    // Node gives one of these when each address of a host failed.
    return all && isTransientCode(code) ? { kind: 'network' } : { kind: 'many', recoverable: all };
  }
  if (status !== undefined) return { kind: 'status', status, retryAfterMs };
  if (isTransientCode(code)) return { kind: 'network' };
  if (issues !== undefined) return { kind: 'invalid', issues };
  return diagnose(cause, budget);
}

/** Whether trying the same again may succeed. */
export function isRecoverable(diagnosis: Diagnosis): boolean {
  switch (diagnosis.kind) {
    case 'timeout':
    case 'network':
      return true;
    case 'told':
    case 'many':
      return diagnosis.recoverable;
    case 'status':
      return isTransientStatus(diagnosis.status);
    case 'aborted':
    case 'invalid':
    case 'silent':
      return false;
  }
}
