import { handleError } from '@kortana/errors';
import { fieldOf } from './field-of.ts';

/**
 * Whether another attempt at once may help: what `handleError` says, but for an open circuit. That
 * one is recoverable for a caller who comes back later; retrying into it here would only wait.
 */
export function isRecoverable(error: unknown): boolean {
  return !isOpenCircuit(error) && handleError(error)[0];
}

// By its code: the error may come from another copy of the package.
function isOpenCircuit(error: unknown): boolean {
  return fieldOf(error, 'code') === 'CIRCUIT_OPEN';
}
