import { TimeoutError } from '@kortana/errors';
import { settled } from '../waiting/abortable.ts';
import { startTimer } from '../waiting/start-timer.ts';
import type { BatchSettings } from './batch-options.ts';
import type { BatchSource } from './batch-source.ts';
import type { RateLimiter } from './rate-limiter.ts';

export interface HandlerContext {
  /** The item's place in the source, from 0. */
  readonly index: number;
  /** Aborted when the call ends early, or this item's time is up. */
  readonly signal: AbortSignal;
}

export type Handler<T, R> = (item: T, context: HandlerContext) => PromiseLike<R> | R;

/** How one item ended. */
export type BatchItem<T, R> =
  | { index: number; item: T; status: 'fulfilled'; value: R }
  | { index: number; item: T; status: 'rejected'; reason: unknown };

/** Where results go. */
export interface BatchSink<T, R> {
  /** Takes how an item ended; a promise keeps the item's place until it resolves. */
  onItem(result: BatchItem<T, R>): Promise<void> | undefined;
  /** All items have ended. */
  onFinish(): void;
  /** The source failed, or the run was stopped. */
  onFail(reason: unknown): void;
}

export interface BatchWork<T, R> {
  source: BatchSource<T>;
  handler: Handler<T, R>;
  settings: BatchSettings;
  rate: RateLimiter | undefined;
  signal: AbortSignal | undefined;
}

/** An item that runs under a time limit has a signal of its own. */
interface TimedItem {
  readonly controller: AbortController;
  readonly stopTimer: () => void;
}

/**
 * Runs a handler on each item of a source, in as many lanes as may run at once. A lane reads the
 * next item when it is free: so the source is read no faster than places come free, and without a
 * time limit an item costs no more than one `await`.
 */
export class BatchRun<T, R> {
  readonly #work: BatchWork<T, R>;
  readonly #sink: BatchSink<T, R>;
  readonly #controller = new AbortController();
  readonly #timed = new Set<TimedItem>();
  #lanes = 0;
  /** Lanes that wait for the source. */
  #reading = 0;
  /** Lanes whose handler has timed out, but still runs. */
  #stuck = 0;
  #started = 0;
  #ended = 0;
  /** Read while all lanes were stuck, to know whether anything still waits for a place. */
  #ahead: IteratorResult<T, unknown> | Promise<IteratorResult<T, unknown>> | undefined;
  #isExhausted = false;
  #isStopped = false;
  #isOver = false;

  constructor(work: BatchWork<T, R>, sink: BatchSink<T, R>) {
    this.#work = work;
    this.#sink = sink;
    work.signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (work.signal?.aborted === true) this.#onAbort();
    this.#grow();
  }

  /** Ends it early: nothing more is read, and running handlers are told. */
  stop(reason: unknown): void {
    if (this.#isStopped || this.#isOver) return;
    this.#isStopped = true;
    this.#work.source.close();
    // One microtask later: a result that is already there comes first.
    queueMicrotask(() => this.#end(() => this.#sink.onFail(reason)));
    this.#controller.abort(reason);
    for (const { controller, stopTimer } of this.#timed) {
      stopTimer();
      controller.abort(reason);
    }
  }

  readonly #onAbort = (): void => this.stop(this.#work.signal?.reason);

  #end(tell: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#work.signal?.removeEventListener('abort', this.#onAbort);
    tell();
  }

  #endIfDone(): void {
    if (this.#isExhausted && this.#ended === this.#started) this.#end(() => this.#sink.onFinish());
  }

  get #mayRead(): boolean {
    return !this.#isExhausted && !this.#isStopped;
  }

  /** While one lane waits for the source, no other is opened: it may be at its end. */
  #grow(): void {
    while (
      this.#lanes < this.#work.settings.maxConcurrent &&
      this.#mayRead &&
      this.#reading === 0
    ) {
      this.#lanes++;
      this.#lane().then(
        () => this.#endIfDone(),
        (error: unknown) => this.stop(error),
      );
    }
  }

  async #lane(): Promise<void> {
    const { source, handler, settings, rate } = this.#work;
    const { signal } = this.#controller;
    while (this.#mayRead) {
      let step = this.#ahead ?? source.next();
      this.#ahead = undefined;
      if (step instanceof Promise) {
        this.#reading++;
        step = await step;
        this.#reading--;
        if (!this.#mayRead) return;
        if (step.done !== true) this.#grow();
      }
      if (step.done === true) {
        this.#isExhausted = true;
        return;
      }
      const item = step.value;
      const index = this.#started++;
      if (this.#started === source.total) this.#isExhausted = true;
      if (rate !== undefined) await rate.turn(signal);
      if (settings.timeoutMs !== Infinity) {
        await this.#runWithin(item, index);
        continue;
      }
      let result: BatchItem<T, R>;
      try {
        const value = await handler(item, { index, signal });
        result = { index, item, status: 'fulfilled', value };
      } catch (reason) {
        result = { index, item, status: 'rejected', reason };
      }
      const taken = this.#settle(result);
      if (taken !== undefined) await taken;
    }
  }

  #settle(result: BatchItem<T, R>): Promise<void> | undefined {
    if (this.#isOver) return undefined;
    this.#ended++;
    const taken = this.#sink.onItem(result);
    this.#endIfDone();
    return taken;
  }

  /** Resolves when the item's place is free: when its handler has really ended, unless told otherwise. */
  async #runWithin(item: T, index: number): Promise<void> {
    const { handler, settings } = this.#work;
    const { timeoutMs, releaseOnTimeout } = settings;
    const controller = new AbortController();
    const timeUp = Promise.withResolvers<BatchItem<T, R>>();
    let reason: TimeoutError | undefined;
    const stopTimer = startTimer(timeoutMs, () => {
      const operation = `item ${index}`;
      reason = new TimeoutError(`${operation} took longer than ${timeoutMs} ms`, {
        operation,
        timeoutMs,
      });
      timeUp.resolve({ index, item, status: 'rejected', reason });
    });
    const timed = { controller, stopTimer };
    this.#timed.add(timed);
    const ending = settled(() => handler(item, { index, signal: controller.signal })).then(
      (value): BatchItem<T, R> => ({ index, item, status: 'fulfilled', value }),
      (error: unknown): BatchItem<T, R> => ({ index, item, status: 'rejected', reason: error }),
    );
    const result = await Promise.race([ending, timeUp.promise]);
    stopTimer();
    this.#timed.delete(timed);
    const taken = this.#settle(result);
    if (taken !== undefined) await taken;
    if (reason === undefined) return;
    controller.abort(reason);
    if (releaseOnTimeout) return;
    this.#stuck++;
    this.#lookAhead();
    await ending;
    this.#stuck--;
  }

  /** With all lanes stuck and all results in, the call may be done: only the source can tell. */
  #lookAhead(): void {
    const isIdle = this.#stuck === this.#lanes && this.#ended === this.#started;
    if (!isIdle || !this.#mayRead || this.#ahead !== undefined) return;
    const step = this.#work.source.next();
    this.#ahead = step;
    Promise.resolve(step).then(
      ({ done }) => {
        if (done !== true) return;
        this.#isExhausted = true;
        this.#endIfDone();
      },
      (error: unknown) => this.stop(error),
    );
  }
}
