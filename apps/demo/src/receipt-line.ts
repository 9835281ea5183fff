import type { Receipt } from '@kortana/engine';

/** What stands under an answer: where it came from, who gave it, how long it took, what it cost. */
export function receiptLine(receipt: Receipt): string {
  const { source, model, timings, usage, savedUsage, costUsd, attempts, degraded } = receipt;
  const first = timings.firstTokenMs;
  return [
    source,
    model,
    duration(timings.totalMs) +
      (source === 'live' && first !== undefined ? ` (first token ${duration(first)})` : ''),
    savedUsage
      ? `saved ${savedUsage.totalTokens} tokens`
      : usage && `${usage.inputTokens} → ${usage.outputTokens} tokens`,
    costUsd !== undefined && costUsd > 0 && `$${costUsd.toFixed(costUsd < 0.01 ? 6 : 4)}`,
    attempts.length > 1 && `${attempts.length} attempts`,
    degraded.length > 0 && `without: ${degraded.map(({ part }) => part).join(', ')}`,
  ]
    .filter(Boolean)
    .join(' · ');
}

export function duration(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${ms.toFixed(0)} ms`;
  return `${(ms / 1000).toFixed(2)} s`;
}
