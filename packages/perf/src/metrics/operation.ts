import { Histogram, type HistogramData } from './histogram.ts';

/** What is known of one operation; all times in milliseconds. */
export interface OperationSummary {
  totalRequests: number;
  successfulRequests: number;
  failedRequests: number;
  /** 0 to 100. */
  successRate: number;
  avgTimeMs: number;
  minTimeMs: number;
  maxTimeMs: number;
  /** The median; like the other two at most 1 % off. */
  p50TimeMs: number;
  p95TimeMs: number;
  p99TimeMs: number;
}

const shares = [0.5, 0.95, 0.99] as const;

/** The calls of one name. */
export class Operation {
  readonly durations = new Histogram();
  #failed = 0;

  record(durationMs: number, success: boolean): void {
    this.durations.record(durationMs);
    if (!success) this.#failed++;
  }

  summary(): OperationSummary {
    const { count, sum, min, max } = this.durations;
    const succeeded = count - this.#failed;
    const [p50, p95, p99] = this.durations.percentiles(shares);
    return {
      totalRequests: count,
      successfulRequests: succeeded,
      failedRequests: this.#failed,
      successRate: (100 * succeeded) / count,
      avgTimeMs: sum / count,
      minTimeMs: min,
      maxTimeMs: max,
      p50TimeMs: p50!,
      p95TimeMs: p95!,
      p99TimeMs: p99!,
    };
  }

  data(): OperationData {
    return { failed: this.#failed, ...this.durations.data() };
  }

  merge(data: OperationData): void {
    this.#failed += data.failed;
    this.durations.merge(data);
  }
}

export interface OperationData extends HistogramData {
  failed: number;
}
