import { brandErrorClass } from '../brand.ts';
import { KortanaError, type KortanaErrorOptions } from '../kortana-error.ts';
import { readInteger, readNumber } from '../read-option.ts';
import { derive } from './derive.ts';

export interface RetryableErrorOptions extends Omit<KortanaErrorOptions, 'recoverable'> {
  /** How often to try again, an integer from 0 up; default: 3. */
  maxRetries?: number | undefined;
  /** The first pause in milliseconds, from 0 up; default: 1000. */
  backoffMs?: number | undefined;
  /** What each pause is multiplied by for the next, from 1 up; default: 2. */
  backoffFactor?: number | undefined;
  /** The longest pause in milliseconds, from 0 up; default: 60 000. */
  maxBackoffMs?: number | undefined;
}

/** Says not only that trying again may succeed, but how often and after which pauses. */
export class RetryableError extends KortanaError {
  readonly maxRetries: number;
  readonly backoffMs: number;
  readonly backoffFactor: number;
  readonly maxBackoffMs: number;
  #pauseMs: number;

  static {
    brandErrorClass(this, 'RetryableError');
  }

  constructor(message: string, options?: RetryableErrorOptions) {
    const kind = { severity: 'low', code: () => 'RETRYABLE_ERROR', recoverable: true } as const;
    super(message, derive(options, kind));
    this.maxRetries = readInteger(options, 'maxRetries') ?? 3;
    this.backoffMs = readNumber(options, 'backoffMs') ?? 1000;
    this.backoffFactor = readNumber(options, 'backoffFactor', 1) ?? 2;
    this.maxBackoffMs = readNumber(options, 'maxBackoffMs') ?? 60_000;
    this.#pauseMs = this.backoffMs;
  }

  /** The pause before the next try, in milliseconds. Each call is the next step: 1000, 2000, 4000 … */
  nextBackoffMs(): number {
    const pauseMs = Math.min(this.#pauseMs, this.maxBackoffMs);
    // From the capped one on, so that it never grows to Infinity.
    this.#pauseMs = pauseMs * this.backoffFactor;
    return pauseMs;
  }
}
