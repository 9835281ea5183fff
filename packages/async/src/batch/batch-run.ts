import { settled } from '../waiting/abortable.ts';
import { runWithin } from '../waiting/with-timeout.ts';
import type { BatchSource, Step } from './batch-source.ts';
import type { BatchSink, BatchWork } from './batch-work.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** A place, with the item in it; what hears of its end is made once, not for each item. */
interface Lane<T, R> {
  index: number;
  item: T;
  /** Under a time limit: the handler itself, until it has really ended. */
  running: Promise<unknown> | undefined;
  onValue(value: R): void;
  onError(reason: unknown): void;
  onTaken(): void;
}

/**
 * Runs a handler on each item of a source, in as many lanes as may run at once. A lane reads the
 * next item when it is free: so the source is read no faster than places come free, and without a
 * time limit an item costs no more than one reaction to its promise.
 */
export class BatchRun<T, R> {
  readonly #work: BatchWork<T, R>;
  readonly #sink: BatchSink<T, R>;
  /** The work's own, or one that first gives what was read ahead. */
  #source: BatchSource<T>;
  readonly #controller = new AbortController();
  readonly #signal = this.#controller.signal;
  #lanes = 0;
  /** Lanes that wait for the source. */
  #reading = 0;
  /** Lanes whose handler has timed out, but still runs. */
  #stuck = 0;
  #started = 0;
  #ended = 0;
  #mayRead = true;
  #isExhausted = false;
  #isStopped = false;
  #isOver = false;

  constructor(work: BatchWork<T, R>, sink: BatchSink<T, R>) {
    this.#work = work;
    this.#sink = sink;
    this.#source = work.source;
    work.signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (work.signal?.aborted === true) this.#onAbort();
    this.#openLanes();
  }

  /** Ends it early: nothing more is read, and running handlers are told. */
  stop(reason: unknown): void {
    if (this.#isStopped || this.#isOver) return;
    this.#isStopped = true;
    this.#mayRead = false;
    // Where all have started, nobody need ask the source: a success may be there already.
    if (this.#started === this.#work.source.total) this.#isExhausted = true;
    this.#work.source.close();
    // One microtask later: a result that is already there comes first.
    queueMicrotask(() => this.#end() && this.#sink.onFail(reason));
    this.#controller.abort(reason);
  }

  readonly #onAbort = (): void => this.stop(this.#work.signal?.reason);

  /** Whether it was not over already. */
  #end(): boolean {
    if (this.#isOver) return false;
    this.#work.signal?.removeEventListener('abort', this.#onAbort);
    return (this.#isOver = true);
  }

  #endIfDone(): void {
    if (!this.#isExhausted || this.#ended < this.#started) return;
    if (this.#end()) this.#sink.onFinish(this.#ended);
  }

  /** The source has no more. */
  #exhaust(): void {
    this.#isExhausted = true;
    this.#mayRead = false;
    this.#endIfDone();
  }

  /** While one lane waits for the source, no other is opened: it may be at its end. */
  #openLanes(): void {
    while (
      this.#lanes < this.#work.settings.maxConcurrent &&
      this.#mayRead &&
      this.#reading === 0
    ) {
      this.#lanes++;
      const lane: Lane<T, R> = {
        index: 0,
        item: undefined as T,
        running: undefined,
        onValue: (value) => {
          if (this.#isOver) return;
          this.#ended++;
          this.#leave(lane, this.#sink.onValue(value, lane.index, lane.item));
        },
        onError: (reason) => {
          if (this.#isOver) return;
          this.#ended++;
          this.#leave(lane, this.#sink.onError(reason, lane.index, lane.item));
        },
        onTaken: () => this.#leave(lane, undefined),
      };
      this.#next(lane);
    }
  }

  /** Reads the next item into a lane that is free. */
  #next(lane: Lane<T, R>): void {
    if (!this.#mayRead) return;
    try {
      const step = this.#source.next();
      if (step instanceof Promise) this.#await(lane, step);
      else this.#take(lane, step);
    } catch (error) {
      this.stop(error);
    }
  }

  #await(lane: Lane<T, R>, coming: Promise<Step<T>>): void {
    this.#reading++;
    coming
      .then((step) => {
        this.#reading--;
        if (!this.#mayRead) return;
        if (step.done !== true) this.#openLanes();
        this.#take(lane, step);
      })
      .catch((error: unknown) => this.stop(error));
  }

  #take(lane: Lane<T, R>, step: Step<T>): void {
    if (step.done === true) return this.#exhaust();
    lane.item = step.value;
    lane.index = this.#started++;
    // The rare ways are methods of their own: here, their closures would cost each item something.
    if (this.#work.rate !== undefined) this.#startInTurn(lane, this.#work.rate);
    else this.#start(lane);
  }

  #startInTurn(lane: Lane<T, R>, rate: RateLimiter): void {
    rate.turn(this.#signal).then(
      () => this.#start(lane),
      (error: unknown) => this.stop(error),
    );
  }

  #start(lane: Lane<T, R>): void {
    if (this.#isStopped) return;
    const { item, index } = lane;
    const { handler, settings } = this.#work;
    const signal = this.#signal;
    const call =
      settings.timeoutMs === Infinity
        ? settled(handler, item, { index, signal })
        : this.#callWithin(lane, settings.timeoutMs);
    call.then(lane.onValue, lane.onError);
  }

  #callWithin(lane: Lane<T, R>, timeoutMs: number): Promise<R> {
    const { item, index } = lane;
    return runWithin(
      (signal) => this.#keepPlace(lane, settled(this.#work.handler, item, { index, signal })),
      timeoutMs,
      `item ${index}`,
      this.#signal,
    );
  }

  #keepPlace(lane: Lane<T, R>, running: Promise<R>): Promise<R> {
    if (this.#work.settings.releaseOnTimeout) return running;
    return (lane.running = running.finally(() => (lane.running = undefined)));
  }

  /** The lane is free once its result is taken and its handler has really ended. */
  #leave(lane: Lane<T, R>, taken: Promise<void> | undefined): void {
    this.#endIfDone();
    if (taken !== undefined) void taken.then(lane.onTaken);
    else if (lane.running !== undefined) this.#wait(lane, lane.running);
    else this.#next(lane);
  }

  #wait(lane: Lane<T, R>, running: Promise<unknown>): void {
    this.#stuck++;
    const goOn = (): void => {
      this.#stuck--;
      this.#next(lane);
    };
    running.then(goOn, goOn);
    this.#lookAhead();
  }

  /** With all lanes stuck and all results in, the call may be done: only the source can tell. */
  #lookAhead(): void {
    const { source } = this.#work;
    const isIdle = this.#stuck === this.#lanes && this.#ended === this.#started;
    if (!isIdle || !this.#mayRead || this.#source !== source) return;
    settled(() => {
      const step = source.next();
      this.#source = { ...source, next: () => ((this.#source = source), step) };
      return step;
    })
      .then(({ done }) => {
        if (done === true) this.#exhaust();
      })
      .catch((error: unknown) => this.stop(error));
  }
}
