import { brandErrorClass } from '../brand.ts';
import { KortanaError, type KortanaErrorOptions } from '../kortana-error.ts';
import { readNumber, readText } from '../read-option.ts';
import { derive } from './derive.ts';

export interface TimeoutErrorOptions extends Omit<KortanaErrorOptions, 'recoverable'> {
  /** What took too long (`load profile`). */
  operation?: string | undefined;
  /** How long it was given, in milliseconds from 0 up. */
  timeoutMs?: number | undefined;
}

/** Something took too long: trying again may succeed. */
export class TimeoutError extends KortanaError {
  declare readonly operation?: string;
  declare readonly timeoutMs?: number;

  static {
    brandErrorClass(this, 'TimeoutError');
  }

  constructor(message: string, options?: TimeoutErrorOptions) {
    super(
      message,
      derive(options, { severity: 'medium', code: () => 'TIMEOUT', recoverable: true }),
    );
    const operation = readText(options, 'operation');
    const timeoutMs = readNumber(options, 'timeoutMs');
    if (operation !== undefined) this.operation = operation;
    if (timeoutMs !== undefined) this.timeoutMs = timeoutMs;
  }
}
