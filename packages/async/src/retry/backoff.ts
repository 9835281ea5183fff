import type { Jitter } from './retry-options.ts';

export interface Backoff {
  readonly initialDelayMs: number;
  readonly backoffFactor: number;
  readonly maxDelayMs: number;
  readonly jitter: Jitter;
  readonly random: () => number;
}

/**
 * The pause after the attempt with this number (from 1 up), in milliseconds: exponential, spread by
 * the jitter, from 0 to `maxDelayMs`. A `retryAfterMs` is a lower bound which jitter never shortens;
 * beyond `maxDelayMs` it gives undefined: not worth waiting for.
 */
export function backoffDelayMs(
  attempt: number,
  backoff: Backoff,
  retryAfterMs = 0,
): number | undefined {
  const { initialDelayMs, backoffFactor, maxDelayMs, jitter, random } = backoff;
  if (retryAfterMs > maxDelayMs) return undefined;
  // 0 × Infinity, once the power has outgrown all numbers, would be NaN.
  const grown = initialDelayMs === 0 ? 0 : initialDelayMs * backoffFactor ** (attempt - 1);
  const pause = Math.min(grown, maxDelayMs);
  return Math.max(retryAfterMs, spread(pause, jitter, random));
}

function spread(pause: number, jitter: Jitter, random: () => number): number {
  if (jitter === 'none') return pause;
  // Dice that come from outside may show anything.
  const roll = Math.min(1, Math.max(0, random())) || 0;
  return pause * (jitter === 'full' ? roll : (1 + roll) / 2);
}
