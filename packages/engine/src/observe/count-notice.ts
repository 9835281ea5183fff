import type { EngineNotice } from './notice.ts';

/** Counts what happens. The names are public: dashboards are built on them. */
export function countNotice(count: (counter: string) => void, notice: EngineNotice): void {
  switch (notice.type) {
    case 'retry':
      return count('retries');
    case 'failover':
      return count('failovers');
    case 'recovery':
      return count('recoveries');
    case 'aborted':
      return count('aborted');
    case 'memory':
      return count(`memory_${notice.outcome}`);
    case 'attempt':
      if (notice.attempt.outcome === 'refused') count('refused');
      return;
    case 'reply':
      count(`source_${notice.receipt.source}`);
      for (const { part } of notice.receipt.degraded) count(`degraded_${part}`);
  }
}
