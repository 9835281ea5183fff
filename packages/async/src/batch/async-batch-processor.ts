import { checkFunction, checkSignal, KortanaError } from '@kortana/errors';
import { tell } from '../log.ts';
import { BatchError, type BatchFailure } from './batch-error.ts';
import {
  type BatchOptions,
  type BatchProgress,
  type BatchSettings,
  readBatchOptions,
} from './batch-options.ts';
import { type BatchItem, BatchRun, type BatchWork, type Handler } from './batch-run.ts';
import { type BatchSource, inBatches, openSource } from './batch-source.ts';
import { BatchStream } from './batch-stream.ts';
import { RateLimiter } from './rate-limiter.ts';

type Items<T> = Iterable<T> | AsyncIterable<T>;

export interface ProcessOptions {
  /** Its abort rejects at once with its reason; running handlers are told, the source is closed. */
  signal?: AbortSignal | undefined;
}

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
  async process(items: Items<T>, handler: Handler<T, R>, options?: ProcessOptions): Promise<R[]> {
    return valuesOf(await this.#collect(items, handler, options));
  }

  /** Of each item in order how it ended, as `Promise.allSettled` tells it. */
  async processSettled(
    items: Items<T>,
    handler: Handler<T, R>,
    options?: ProcessOptions,
  ): Promise<PromiseSettledResult<R>[]> {
    const results = await this.#collect(items, handler, options);
    return results.map((result) =>
      result.status === 'fulfilled'
        ? { status: result.status, value: result.value }
        : { status: result.status, reason: result.reason },
    );
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
    return new BatchStream(
      (sink) =>
        new BatchRun(work, {
          ...sink,
          onItem: (result) => {
            report(1, result.status === 'rejected' ? 1 : 0);
            return sink.onItem(result);
          },
        }),
      options.signal,
    );
  }

  /**
   * For interfaces that take many at once: the handler gets up to `batchSize` items and gives a
   * result for each, in their order; `timeoutMs` is a batch's. If it fails, all its items do.
   *
   * @throws like `process`
   */
  async processBatches(
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
    const results: BatchItem<T, R>[] = [];
    await this.#run(work, (batch) => {
      const first = batch.index * batchSize;
      batch.item.forEach((item, place) => {
        const index = first + place;
        results[index] =
          batch.status === 'fulfilled'
            ? { index, item, status: batch.status, value: batch.value[place]! }
            : { index, item, status: batch.status, reason: batch.reason };
      });
      report(batch.item.length, batch.status === 'rejected' ? batch.item.length : 0);
    });
    return valuesOf(results);
  }

  async #collect(
    items: Items<T>,
    handler: Handler<T, R>,
    options: ProcessOptions = {},
  ): Promise<BatchItem<T, R>[]> {
    const work = this.#work(openSource(items), handler, options);
    const report = this.#reporter(work.source.total);
    const results: BatchItem<T, R>[] = [];
    await this.#run(work, (result) => {
      results[result.index] = result;
      report(1, result.status === 'rejected' ? 1 : 0);
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

  #run<I, O>(work: BatchWork<I, O>, take: (result: BatchItem<I, O>) => undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const onItem = (result: BatchItem<I, O>): undefined => take(result);
      void new BatchRun(work, { onItem, onFinish: resolve, onFail: reject });
    });
  }

  #reporter(total: number | undefined): (ended: number, failed: number) => void {
    const { onProgress } = this.#settings;
    const progress: BatchProgress = {
      completed: 0,
      failed: 0,
      ...(total !== undefined && { total }),
    };
    return (ended, failed) => {
      progress.completed += ended;
      progress.failed += failed;
      if (onProgress !== undefined) tell('onProgress', onProgress, [{ ...progress }]);
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

function valuesOf<T, R>(results: BatchItem<T, R>[]): R[] {
  const failures: BatchFailure<T>[] = [];
  const values = results.map((result) => {
    if (result.status === 'fulfilled') return result.value;
    failures.push({ index: result.index, item: result.item, error: result.reason });
    return undefined;
  });
  if (failures.length > 0) throw new BatchError(failures, values);
  return values as R[];
}
