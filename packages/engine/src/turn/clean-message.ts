import { ValidationError } from '@kortana/errors';

/**
 * A user's message without what nobody can see. Too long ones are refused, not cut: the answer
 * would be to another question.
 */
export function cleanMessage(message: unknown, maxLength: number): string {
  if (typeof message !== 'string') throw invalid('must be a text');
  const text = message.trim();
  if (text === '') throw invalid('must not be empty');
  if (text.length > maxLength) throw invalid(`must be at most ${maxLength} characters`);
  return text;
}

function invalid(rule: string): ValidationError {
  const issues = [{ path: 'message', message: `message ${rule}` }];
  return new ValidationError(`message ${rule}`, { field: 'message', issues });
}
