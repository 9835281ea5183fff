import { ValidationError, type ValidationIssue } from '@kortana/errors';

/** The error for a value that isn't good: names every bad field, never the value. */
export function validationError(issues: ValidationIssue[], field?: string): ValidationError {
  return new ValidationError(issues.map((issue) => issue.message).join('; '), { field, issues });
}
