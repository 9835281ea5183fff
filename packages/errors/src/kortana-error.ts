import { ErrorSeverity } from './severity.ts';

export interface KortanaErrorOptions {
  /** Default: `'medium'`. */
  severity?: ErrorSeverity | undefined;
  /** Stable and in UPPER_SNAKE; default: `'KORTANA_ERROR'`. */
  code?: string | undefined;
  /** Whether trying the same again may succeed; default: false. */
  recoverable?: boolean | undefined;
  /** How long the far side asked to wait, in milliseconds. */
  retryAfterMs?: number | undefined;
  /** Facts for whoever reads the log; secrets in it are masked in JSON. */
  context?: Record<string, unknown> | undefined;
  cause?: unknown;
}

/** The root of every error that Kor'tana throws on purpose. */
export class KortanaError extends Error {
  readonly severity: ErrorSeverity;
  readonly code: string;
  readonly recoverable: boolean;
  readonly retryAfterMs?: number;
  readonly context: Readonly<Record<string, unknown>>;

  constructor(message: string, options: KortanaErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = new.target.name;
    this.severity = options.severity ?? ErrorSeverity.MEDIUM;
    this.code = options.code ?? 'KORTANA_ERROR';
    this.recoverable = options.recoverable ?? false;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
    this.context = options.context ?? {};
  }

  override toString(): string {
    return `[${this.code}] ${this.message}`;
  }

  static isInstance(value: unknown): value is KortanaError {
    return value instanceof this;
  }
}
