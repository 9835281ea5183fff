import type { MetricsCollector } from '@kortana/perf';
import type { EngineNotice } from './notice.ts';

/** Counts what happens. The names are public: dashboards are built on them. */
export function countNotice(metrics: MetricsCollector, notice: EngineNotice): void {
  switch (notice.type) {
    case 'retry':
      return metrics.increment('retries');
    case 'failover':
      return metrics.increment('failovers');
    case 'recovery':
      return metrics.increment('recoveries');
    case 'aborted':
      return metrics.increment('aborted');
    case 'memory':
      return metrics.increment(`memory_${notice.outcome}`);
    case 'attempt':
      if (notice.attempt.outcome === 'refused') metrics.increment('refused');
      return;
    case 'reply':
      metrics.increment(`source_${notice.receipt.source}`);
      for (const { part } of notice.receipt.degraded) metrics.increment(`degraded_${part}`);
  }
}
