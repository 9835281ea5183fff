import { KortanaError } from './kortana-error.ts';
import { look } from './look.ts';
import { maskText } from './masking/mask-text.ts';
import { readFlag } from './read-option.ts';
import { isTransientCode, isTransientStatus } from './transient.ts';

/**
 * Whether trying the same again may succeed, and what happened in words for people (secrets masked).
 * Understands KortanaErrors, aborts, timeouts, HTTP statuses, Node's network codes, AggregateErrors,
 * and what caused any of them. Never throws, whatever it is given.
 */
export function handleError(error: unknown): [recoverable: boolean, message: string] {
  return [isRecoverable(error, { left: mostErrors }), messageOf(error)];
}

/** So many causes and children are looked at: what lies beyond (or in a cycle) says nothing. */
const mostErrors = 1000;
const longestMessage = 4096;

function isRecoverable(error: unknown, budget: { left: number }): boolean {
  if (typeof error !== 'object' || error === null || budget.left-- <= 0) return false;
  if (KortanaError.isInstance(error)) return readFlag(error, 'recoverable') === true;
  const { name, code, status, errors, cause } = look(error);
  if (name === 'AbortError' || code === 'ABORT_ERR') return false;
  if (name === 'TimeoutError') return true;
  if (errors !== undefined) {
    return errors.length > 0 && errors.every((one) => isRecoverable(one, budget));
  }
  if (status !== undefined) return isTransientStatus(status);
  return isTransientCode(code) || isRecoverable(cause, budget);
}

function messageOf(error: unknown): string {
  const { name, errors = [] } = look(error);
  const children = () => errors.map(ownMessage).filter((words) => words !== undefined);
  const words = ownMessage(error) ?? (children().join('; ') || name);
  return words === undefined ? unknown(error) : maskText(words.slice(0, longestMessage));
}

/** What an error says itself, or the text that was thrown instead of one. */
function ownMessage(error: unknown): string | undefined {
  return typeof error === 'string' && error !== '' ? error : look(error).message;
}

function unknown(error: unknown): string {
  const isNamed = error !== '' && typeof error !== 'object' && typeof error !== 'function';
  return isNamed || error === null ? `Unknown error (${String(error)})` : 'Unknown error';
}
