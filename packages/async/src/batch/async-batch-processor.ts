import { checkFunction, checkSignal, KortanaError } from '@kortana/errors';
import { tell } from '../log.ts';
import { droppable } from '../waiting/droppable.ts';
import { BatchError, type BatchFailure } from './batch-error.ts';
import {
  type BatchOptions,
  type BatchProgress,
  type BatchSettings,
  readBatchOptions,
} from './batch-options.ts';
import { BatchRun } from './batch-run.ts';
import { type BatchSource, inBatches, openSource } from './batch-source.ts';
import { type BatchItem, BatchStream } from './batch-stream.ts';
import type { BatchSink, BatchWork, Handler } from './batch-work.ts';
import { RateLimiter } from './rate-limiter.ts';

type Items<T> = Iterable<T> | AsyncIterable<T>;

export interface ProcessOptions {
  /** Its abort rejects at once with its reason; running handlers are told, the source is closed. */
  signal?: AbortSignal | undefined;
}

/** What becomes of an item's value, and of its error. */
interface Keeping<T, R, O> {
  keep(value: R): O;
  fail(reason: unknown, index: number, item: T): O;
}

/** To be told how many more have ended, and how many of them failed. */
type Report = (ended: number, failed: number) => void;

/**
 * Runs a handler on each item of a source: so many at once, so fast, each within its time. A place
 * is taken until its handler has really ended, so that never more run than may.
 *
 *     const processor = new AsyncBatchProcessor<string, Page>({ maxConcurrent: 5, timeoutMs: 10_000 });
 *     const pages = await processor.process(urls, (url, { signal }) => fetchPage(url, { signal }));
 */
export class AsyncBatchProcessor<T, R> {
  readonly #settings: BatchSettings;
  readonly #rate: RateLimiter | undefined;

  /** @throws TypeError, RangeError for a wrong option */
  constructor(options?: BatchOptions) {
    this.#settings = readBatchOptions(options);
    const { rateLimit, clock } = this.#settings;
    this.#rate = rateLimit && new RateLimiter(rateLimit, clock);
  }

  /**
   * The results in the order of the items, once all have ended.
   *
   * @throws BatchError if some failed; what the source threw; the signal's reason
   */
  process(items: Items<T>, handler: Handler<T, R>, options?: ProcessOptions): Promise<R[]> {
    return droppable(this.#process(items, handler, options));
  }

  async #process(items: Items<T>, handler: Handler<T, R>, options?: ProcessOptions): Promise<R[]> {
    const failures: BatchFailure<T>[] = [];
    const values = await this.#collect<R | undefined>(items, handler, options, {
      keep: (value) => value,
      fail: (error, index, item) => void failures.push({ index, item, error }),
    });
    return wholeOrThrow(values, failures);
  }

  /** Of each item in order how it ended, as `Promise.allSettled` tells it. */
  processSettled(
    items: Items<T>,
    handler: Handler<T, R>,
    options?: ProcessOptions,
  ): Promise<PromiseSettledResult<R>[]> {
    const results = this.#collect<PromiseSettledResult<R>>(items, handler, options, {
      keep: (value) => ({ status: 'fulfilled', value }),
      fail: (reason) => ({ status: 'rejected', reason }),
    });
    return droppable(results);
  }

  /**
   * How each item ended, as it ends. An item's place is free when its result has been taken: so a
   * slow reader slows the source. Leaving early closes the source and tells running handlers.
   */
  stream(
    items: Items<T>,
    handler: Handler<T, R>,
    options: ProcessOptions = {},
  ): AsyncIterableIterator<BatchItem<T, R>, undefined> {
    const work = this.#work(openSource(items), handler, options);
    const report = this.#reporter(work.source.total);
    return new BatchStream((sink) => new BatchRun(work, reporting(sink, report)), options.signal);
  }

  /**
   * For interfaces that take many at once: the handler gets up to `batchSize` items and gives a
   * result for each, in their order; `timeoutMs` is a batch's. If it fails, all its items do.
   *
   * @throws like `process`
   */
  processBatches(
    items: Items<T>,
    handler: Handler<T[], R[]>,
    options?: ProcessOptions,
  ): Promise<R[]> {
    return droppable(this.#processBatches(items, handler, options));
  }

  async #processBatches(
    items: Items<T>,
    handler: Handler<T[], R[]>,
    options: ProcessOptions = {},
  ): Promise<R[]> {
    checkFunction('handler', handler);
    const { batchSize } = this.#settings;
    const source = openSource(items);
    const report = this.#reporter(source.total);
    const checked: Handler<T[], R[]> = async (batch, context) =>
      checkResults(batch, await handler(batch, context));
    const work = this.#work(inBatches(source, batchSize), checked, options);
    const values: (R | undefined)[] = [];
    const failures: BatchFailure<T>[] = [];
    await this.#run(work, {
      onValue: (results, index, batch) => {
        results.forEach((value, place) => (values[index * batchSize + place] = value));
        report?.(batch.length, 0);
      },
      onError: (error, index, batch) => {
        batch.forEach((item, place) => {
          const at = index * batchSize + place;
          values[at] = undefined;
          failures.push({ index: at, item, error });
        });
        report?.(batch.length, batch.length);
      },
    });
    return wholeOrThrow(values, failures);
  }

  /** What is kept of each item's end, in the order of the items. */
  async #collect<O>(
    items: Items<T>,
    handler: Handler<T, R>,
    options: ProcessOptions = {},
    { keep, fail }: Keeping<T, R, O>,
  ): Promise<O[]> {
    const work = this.#work(openSource(items), handler, options);
    const { total } = work.source;
    const report = this.#reporter(total);
    // oxlint-disable-next-line unicorn/no-new-array -- room at once; an array that grows is moved
    const results = new Array<O>(total ?? 0);
    results.length = await this.#run(work, {
      onValue: (value, index) => {
        results[index] = keep(value);
        report?.(1, 0);
      },
      onError: (reason, index, item) => {
        results[index] = fail(reason, index, item);
        report?.(1, 1);
      },
    });
    return results;
  }

  #work<I, O>(
    source: BatchSource<I>,
    handler: Handler<I, O>,
    { signal }: ProcessOptions,
  ): BatchWork<I, O> {
    checkFunction('handler', handler);
    if (signal !== undefined) checkSignal('signal', signal);
    return { source, handler, settings: this.#settings, rate: this.#rate, signal };
  }

  /** Resolves with how many have ended. */
  #run<I, O>(
    work: BatchWork<I, O>,
    sink: Pick<BatchSink<I, O>, 'onValue' | 'onError'>,
  ): Promise<number> {
    return new Promise((resolve, reject) => {
      void new BatchRun(work, { ...sink, onFinish: resolve, onFail: reject });
    });
  }

  /** Undefined where nobody wants to know: counting costs a tenth of a trivial item. */
  #reporter(total: number | undefined): Report | undefined {
    const { onProgress } = this.#settings;
    if (onProgress === undefined) return undefined;
    const progress: BatchProgress = {
      completed: 0,
      failed: 0,
      ...(total !== undefined && { total }),
    };
    return (ended, failed) => {
      progress.completed += ended;
      progress.failed += failed;
      tell('onProgress', onProgress, [{ ...progress }]);
    };
  }
}

function checkResults<T, R>(batch: T[], results: R[]): R[] {
  if (Array.isArray(results) && results.length === batch.length) return results;
  const got = Array.isArray(results) ? results.length : typeof results;
  throw new KortanaError(`Expected the handler to give ${batch.length} results, got ${got}`, {
    code: 'BATCH_RESULTS_MISMATCH',
  });
}

function wholeOrThrow<T, R>(values: (R | undefined)[], failures: BatchFailure<T>[]): R[] {
  if (failures.length === 0) return values as R[];
  throw new BatchError(
    failures.toSorted((a, b) => a.index - b.index),
    values,
  );
}

function reporting<T, R>(sink: BatchSink<T, R>, report: Report | undefined): BatchSink<T, R> {
  return {
    ...sink,
    onValue: (value, index, item) => {
      report?.(1, 0);
      return sink.onValue(value, index, item);
    },
    onError: (reason, index, item) => {
      report?.(1, 1);
      return sink.onError(reason, index, item);
    },
  };
}
