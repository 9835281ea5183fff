import { brandErrorClass, handleError, KortanaError } from '@kortana/errors';

export interface BatchFailure<T> {
  readonly index: number;
  readonly item: T;
  readonly error: unknown;
}

/** Some items of a batch failed: which and why, and the results of the others. */
export class BatchError<T = unknown, R = unknown> extends KortanaError {
  /** In the order of the items. */
  readonly failures: BatchFailure<T>[];
  /** At each item's place its result; undefined where it failed. */
  readonly results: (R | undefined)[];

  static {
    brandErrorClass(this, 'BatchError');
  }

  constructor(failures: BatchFailure<T>[], results: (R | undefined)[]) {
    super(`${failures.length} of ${results.length} items failed`, {
      code: 'BATCH_FAILED',
      // Trying all again helps if it may help each.
      recoverable: failures.every(({ error }) => handleError(error)[0]),
      context: { failed: failures.length, total: results.length },
      cause: failures[0]?.error,
    });
    this.failures = failures;
    this.results = results;
  }
}
