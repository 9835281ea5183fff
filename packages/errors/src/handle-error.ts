import { diagnose, isRecoverable } from './diagnose.ts';
import { messageOf } from './message-of.ts';

/**
 * Whether trying the same again may succeed, and what happened in words for people (secrets masked).
 * Understands KortanaErrors, aborts, timeouts, HTTP statuses, Node's network codes, AggregateErrors,
 * and what caused any of them. Never throws, whatever it is given.
 */
export function handleError(error: unknown): [recoverable: boolean, message: string] {
  return [isRecoverable(diagnose(error)), messageOf(error)];
}
