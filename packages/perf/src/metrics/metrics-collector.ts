import { checkFunction, checkInteger, checkMethods, checkObject } from '@kortana/errors';
import { type Clock, systemClock } from '../clock/clock.ts';
import { observeCall } from '../observe-call.ts';
import { checkSnapshot, type MetricsSnapshot } from './metrics-snapshot.ts';
import { Operation, type OperationSummary } from './operation.ts';

export interface MetricsOptions {
  /** How many operations, and how many counters, are told apart, an integer from 1 up; further names count under `__other__`; default: 1000. */
  maxOperations?: number | undefined;
  /** For `time`; default: `performance.now`. */
  clock?: Clock | undefined;
}

const other = '__other__';
const dropped = '__dropped__';

/**
 * Counts calls, how they ended and how long they took. The memory for an operation is bounded, and
 * so is the number of operations, whatever names come. Recording never throws.
 *
 *     const metrics = new MetricsCollector();
 *     const rows = await metrics.time('database', () => query(sql));
 *     metrics.getSummary()['database']?.p95TimeMs;
 */
export class MetricsCollector {
  readonly #maxOperations: number;
  readonly #clock: Clock;
  readonly #operations = new Map<string, Operation>();
  readonly #counters = new Map<string, number>();

  /** @throws TypeError, RangeError for a wrong option */
  constructor(options: MetricsOptions = {}) {
    const { maxOperations = 1000, clock = systemClock } = checkObject('options', options);
    this.#maxOperations = checkInteger('maxOperations', maxOperations, { min: 1 });
    this.#clock = checkMethods('clock', clock, ['now']);
  }

  /**
   * Never throws: what makes no sense (a duration that is NaN, infinite or negative, a name that is
   * no string) is dropped, and counted by the counter `__dropped__`.
   */
  record(operation: string, durationMs: number, success = true): void {
    if (isAmount(durationMs)) {
      const found = this.#operations.get(operation) ?? this.#newOperation(operation);
      if (found !== undefined) return found.record(durationMs + 0, success); // -0 becomes 0
    }
    this.#count(dropped, 1);
  }

  /**
   * Runs `fn`, and records how long it took and whether it failed; for a promise, when it settles.
   * Gives back and throws just what `fn` does.
   */
  time<T>(operation: string, fn: () => T): T {
    checkFunction('fn', fn);
    const start = this.#clock.now();
    return observeCall(fn, (success) => this.record(operation, this.#clock.now() - start, success));
  }

  /** Adds to a counter a finite number from 0 up; anything else is dropped like in `record`. */
  increment(counter: string, by = 1): void {
    if (!isAmount(by) || typeof counter !== 'string') return this.#count(dropped, 1);
    const isKnown = this.#counters.has(counter) || this.#hasRoom(this.#counters);
    this.#count(isKnown ? counter : other, by);
  }

  getSummary(): Record<string, OperationSummary> {
    return Object.fromEntries([...this.#operations].map(([name, one]) => [name, one.summary()]));
  }

  getCounters(): Record<string, number> {
    return Object.fromEntries(this.#counters);
  }

  /** For `merge` elsewhere: plain JSON. */
  snapshot(): MetricsSnapshot {
    return {
      operations: [...this.#operations].map(([name, one]) => [name, one.data()]),
      counters: [...this.#counters],
    };
  }

  /**
   * Adds what another collector counted, as if it had been recorded here.
   *
   * @throws TypeError, RangeError for what isn't a snapshot; nothing is merged then
   */
  merge(snapshot: MetricsSnapshot): void {
    checkSnapshot(snapshot);
    for (const [name, data] of snapshot.operations) {
      (this.#operations.get(name) ?? this.#newOperation(name))!.merge(data);
    }
    for (const [name, count] of snapshot.counters) {
      if (name === dropped) this.#count(dropped, count);
      else this.increment(name, count);
    }
  }

  /** Forgets everything. */
  reset(): void {
    this.#operations.clear();
    this.#counters.clear();
  }

  #newOperation(name: string): Operation | undefined {
    if (typeof name !== 'string') return undefined;
    const allowed = this.#hasRoom(this.#operations) ? name : other;
    let operation = this.#operations.get(allowed);
    if (operation === undefined) this.#operations.set(allowed, (operation = new Operation()));
    return operation;
  }

  /** For one more name; the two that are made in any case take up none. */
  #hasRoom(names: ReadonlyMap<string, unknown>): boolean {
    const own = names.size - Number(names.has(other)) - Number(names.has(dropped));
    return own < this.#maxOperations;
  }

  #count(name: string, by: number): void {
    this.#counters.set(name, (this.#counters.get(name) ?? 0) + by);
  }
}

/** The kind comes first: a symbol can't be compared, a bigint can. */
function isAmount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value < Infinity;
}
