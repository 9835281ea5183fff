import { brandErrorClass, isBranded, nameErrorClass } from './brand.ts';
import { readFlag, readNumber, readOption, readRecord, readText } from './read-option.ts';
import { ErrorSeverity, isSeverity } from './severity.ts';
import { type SerializedError, serializeError } from './serialize-error.ts';

/** What every error of Kor'tana can be told. A wrong value falls back to its default. */
export interface KortanaErrorOptions {
  /** How bad it is; default: `'medium'`. */
  severity?: ErrorSeverity | undefined;
  /** What happened, for programs: stable and in UPPER_SNAKE; default: `'KORTANA_ERROR'`. */
  code?: string | undefined;
  /** Whether trying the same again may succeed; default: false. */
  recoverable?: boolean | undefined;
  /** How long the far side asked to wait, in milliseconds from 0 up; default: it didn't say. */
  retryAfterMs?: number | undefined;
  /** Facts for whoever reads the log; copied. Secrets in it are masked in JSON; default: `{}`. */
  context?: Record<string, unknown> | undefined;
  /** What it comes from. */
  cause?: unknown;
}

/**
 * The root of every error that Kor'tana throws on purpose. To make one never throws, logs nothing
 * and costs little more than a plain `Error`.
 */
export class KortanaError extends Error {
  readonly severity: ErrorSeverity;
  readonly code: string;
  readonly recoverable: boolean;
  declare readonly retryAfterMs?: number;
  readonly context: Readonly<Record<string, unknown>>;

  static {
    brandErrorClass(this, 'KortanaError');
  }

  constructor(message: string, options?: KortanaErrorOptions) {
    // Before `super`, which writes the name into the stack.
    if (!Object.hasOwn(new.target.prototype, 'name')) nameErrorClass(new.target);
    const cause = readOption(options, 'cause');
    super(textOf(message), cause === undefined ? undefined : { cause });
    const severity = readOption(options, 'severity');
    this.severity = isSeverity(severity) ? severity : ErrorSeverity.MEDIUM;
    this.code = readText(options, 'code') ?? 'KORTANA_ERROR';
    this.recoverable = readFlag(options, 'recoverable') ?? false;
    const retryAfterMs = readNumber(options, 'retryAfterMs');
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
    this.context = Object.freeze(readRecord(options, 'context'));
  }

  override toString(): string {
    return `[${this.code}] ${this.message}`;
  }

  /** Plain data for logs and wires: bounded, without cycles, its secrets masked. Never throws. */
  toJSON(): SerializedError {
    return serializeError(this);
  }

  /**
   * Whether `value` is an error of this class or of one that extends it, also when it was made by
   * another copy of this package, where `instanceof` fails.
   */
  static isInstance<T extends abstract new (...args: never[]) => unknown>(
    this: T,
    value: unknown,
  ): value is InstanceType<T> {
    return isBranded(value, this);
  }
}

function textOf(message: unknown): string {
  if (typeof message === 'string') return message;
  if (message === undefined) return '';
  try {
    return String(message);
  } catch {
    return '';
  }
}
