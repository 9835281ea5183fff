import { brandErrorClass } from '../brand.ts';
import { KortanaError, type KortanaErrorOptions } from '../kortana-error.ts';
import { readOption, readText } from '../read-option.ts';
import { derive } from './derive.ts';
import { issuePath } from './issue-path.ts';
import { errorCode } from './error-code.ts';

/** One thing that is wrong with a value. */
export interface ValidationIssue {
  /** Where: a field's name, deeper ones joined by dots (`user.age`). */
  readonly path: string;
  /** What, in words for people; never the value itself. */
  readonly message: string;
}

export interface ValidationErrorOptions extends Omit<KortanaErrorOptions, 'recoverable'> {
  /** The field that is wrong. */
  field?: string | undefined;
  /** All that is wrong; copied, default: `[]`. Zod's and Standard Schema's issues do as well. */
  issues?: readonly { path?: unknown; message: string }[] | undefined;
}

/** A value from outside is not what it must be: low, and trying the same again won't help. */
export class ValidationError extends KortanaError {
  declare readonly field?: string;
  readonly issues: readonly ValidationIssue[];

  static {
    brandErrorClass(this, 'ValidationError');
  }

  constructor(message: string, options?: ValidationErrorOptions) {
    const field = readText(options, 'field');
    const code = () => errorCode('VALIDATION', field, 'ERROR');
    super(message, derive(options, { severity: 'low', code, recoverable: false }));
    if (field !== undefined) this.field = field;
    this.issues = Object.freeze(readIssues(options));
  }
}

function readIssues(options: ValidationErrorOptions | undefined): ValidationIssue[] {
  const issues = readOption(options, 'issues');
  try {
    return Array.isArray(issues) ? issues.flatMap(readIssue) : [];
  } catch {
    return []; // a hostile proxy
  }
}

/** One without a message is none. */
function readIssue(issue: { path?: unknown; message: string }): ValidationIssue[] {
  const message = readText(issue, 'message');
  return message === undefined ? [] : [{ path: issuePath(issue.path), message }];
}
