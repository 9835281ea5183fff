import { checkInteger, checkMethods, checkObject } from '@kortana/errors';
import type { Clock } from '../clock/clock.ts';
import { systemClock } from '../clock/clock.ts';
import { Histogram } from './histogram.ts';

export interface MetricsOptions {
  /** How many names are told apart, an integer from 1 up; further ones count under `__other__`; default: 1000. */
  maxOperations?: number | undefined;
  /** For `time`; default: `performance.now`. */
  clock?: Clock | undefined;
}

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
  p50TimeMs: number;
  p95TimeMs: number;
  p99TimeMs: number;
}

/** Plain JSON, to be merged elsewhere. */
export interface MetricsSnapshot {
  operations: [
    name: string,
    { failed: number; sum: number; min: number; max: number; buckets: [number, number][] },
  ][];
  counters: [name: string, count: number][];
}

const other = '__other__';
const dropped = '__dropped__';
const shares = [0.5, 0.95, 0.99];

class Operation {
  readonly durations = new Histogram();
  failed = 0;
}

/** Counts calls and how long they took, in constant memory for each operation. */
export class MetricsCollector {
  readonly #maxOperations: number;
  readonly #clock: Clock;
  readonly #operations = new Map<string, Operation>();
  readonly #counters = new Map<string, number>();

  constructor(options: MetricsOptions = {}) {
    const { maxOperations = 1000, clock = systemClock } = checkObject('options', options);
    this.#maxOperations = checkInteger('maxOperations', maxOperations, { min: 1 });
    this.#clock = checkMethods('clock', clock, ['now']);
  }

  /** Never throws: a duration that is NaN, infinite or negative is dropped, and counted as such. */
  record(operation: string, durationMs: number, success = true): void {
    if (!(durationMs >= 0 && durationMs < Infinity)) return this.#count(dropped, 1);
    const found = this.#operation(operation);
    found.durations.record(durationMs);
    if (!success) found.failed++;
  }

  /** Runs `fn` and records how long it took, and whether it failed. */
  time<T>(operation: string, fn: () => T): T {
    const start = this.#clock.now();
    const end = (success: boolean) => this.record(operation, this.#clock.now() - start, success);
    let result: T;
    try {
      result = fn();
    } catch (error) {
      end(false);
      throw error;
    }
    if (!(result instanceof Promise)) {
      end(true);
      return result;
    }
    return result.then(
      (value: unknown) => {
        end(true);
        return value;
      },
      (error: unknown) => {
        end(false);
        throw error;
      },
    ) as T;
  }

  increment(counter: string, by = 1): void {
    if (!(by >= 0 && by < Infinity)) return this.#count(dropped, 1);
    const isNew = !this.#counters.has(counter) && this.#counters.size >= this.#maxOperations;
    this.#count(isNew ? other : counter, by);
  }

  getSummary(): Record<string, OperationSummary> {
    return Object.fromEntries([...this.#operations].map(([name, one]) => [name, summaryOf(one)]));
  }

  getCounters(): Record<string, number> {
    return Object.fromEntries(this.#counters);
  }

  snapshot(): MetricsSnapshot {
    return {
      operations: [...this.#operations].map(([name, { durations, failed }]) => {
        const { sum, min, max } = durations;
        return [name, { failed, sum, min, max, buckets: [...durations.entries()] }];
      }),
      counters: [...this.#counters],
    };
  }

  merge(snapshot: MetricsSnapshot): void {
    for (const [name, { failed, sum, min, max, buckets }] of snapshot.operations) {
      const into = this.#operation(name);
      into.failed += failed;
      into.durations.sum += sum;
      into.durations.min = Math.min(into.durations.min, min);
      into.durations.max = Math.max(into.durations.max, max);
      for (const [bucket, count] of buckets) {
        into.durations.add(bucket, count);
        into.durations.count += count;
      }
    }
    for (const [name, count] of snapshot.counters) this.#count(name, count);
  }

  reset(): void {
    this.#operations.clear();
    this.#counters.clear();
  }

  #operation(name: string): Operation {
    let found = this.#operations.get(name);
    if (found === undefined) {
      if (this.#operations.size >= this.#maxOperations && name !== other)
        return this.#operation(other);
      this.#operations.set(name, (found = new Operation()));
    }
    return found;
  }

  #count(name: string, by: number): void {
    this.#counters.set(name, (this.#counters.get(name) ?? 0) + by);
  }
}

function summaryOf({ durations, failed }: Operation): OperationSummary {
  const { count, sum, min, max } = durations;
  const [p50, p95, p99] = durations.percentiles(shares) as [number, number, number];
  return {
    totalRequests: count,
    successfulRequests: count - failed,
    failedRequests: failed,
    successRate: (100 * (count - failed)) / count,
    avgTimeMs: sum / count,
    minTimeMs: min,
    maxTimeMs: max,
    p50TimeMs: p50,
    p95TimeMs: p95,
    p99TimeMs: p99,
  };
}
