import type { KortanaErrorOptions } from '../kortana-error.ts';
import { readFlag, readOption, readText } from '../read-option.ts';
import { type ErrorSeverity, isSeverity } from '../severity.ts';

/** What a kind of error is unless its maker tells otherwise. */
interface Kind {
  severity: ErrorSeverity;
  /** Only asked for when the maker told none. */
  code: () => string;
  recoverable: boolean;
}

/**
 * The options of the root class for one of a kind: what the maker told, else what the kind is. A
 * kind that is always (or never) recoverable has no such option, and one smuggled in is not read.
 */
export function derive(
  options: (Omit<KortanaErrorOptions, 'recoverable'> & { recoverable?: unknown }) | undefined,
  kind: Kind,
  mayTellRecoverable = false,
): KortanaErrorOptions {
  const severity = readOption(options, 'severity');
  return {
    severity: isSeverity(severity) ? severity : kind.severity,
    code: readText(options, 'code') ?? kind.code(),
    recoverable:
      (mayTellRecoverable ? readFlag(options, 'recoverable') : undefined) ?? kind.recoverable,
    retryAfterMs: readOption(options, 'retryAfterMs') as number | undefined,
    context: readOption(options, 'context') as Record<string, unknown> | undefined,
    cause: readOption(options, 'cause'),
  };
}
