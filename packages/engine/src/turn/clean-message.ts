import { ValidationError } from '@kortana/errors';
import { sanitizeText } from '@kortana/validation';

/**
 * A user's message without what nobody can see. Too long ones are refused, not cut: the answer
 * would be to another question.
 *
 * @throws ValidationError if it is no text, empty or too long
 */
export function cleanMessage(message: unknown, maxLength: number): string {
  if (typeof message !== 'string') throw invalid('must be a text');
  const text = sanitizeText(message, { maxLength: Math.max(message.length, 1) });
  if (text === '') throw invalid('must not be empty');
  if (text.length > maxLength) throw invalid(`must be at most ${maxLength} characters`);
  return text;
}

function invalid(rule: string): ValidationError {
  const issues = [{ path: 'message', message: `message ${rule}` }];
  return new ValidationError(`message ${rule}`, { field: 'message', issues });
}
