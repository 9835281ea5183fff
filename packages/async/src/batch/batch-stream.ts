import { droppable } from '../waiting/droppable.ts';
import type { BatchRun } from './batch-run.ts';
import type { BatchSink } from './batch-work.ts';

/** How one item ended. */
export type BatchItem<T, R> =
  | { index: number; item: T; status: 'fulfilled'; value: R }
  | { index: number; item: T; status: 'rejected'; reason: unknown };

interface Waiter<T, R> {
  resolve(result: IteratorResult<BatchItem<T, R>, undefined>): void;
  reject(reason: unknown): void;
}

type State<T, R> =
  | { is: 'new' }
  | { is: 'running'; run: BatchRun<T, R> }
  /** Over, and the reason not handed out yet. */
  | { is: 'failed'; reason: unknown }
  | { is: 'done' };

const done: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** The results of a run, one after another, as they are asked for. Nothing runs before the first is. */
export class BatchStream<T, R> implements AsyncIterableIterator<BatchItem<T, R>, undefined> {
  readonly #begin: (sink: BatchSink<T, R>) => BatchRun<T, R>;
  readonly #signal: AbortSignal | undefined;
  #state: State<T, R> = { is: 'new' };
  /** Results that nobody has asked for yet, each with how to free its place. */
  readonly #ready: { result: BatchItem<T, R>; free: () => void }[] = [];
  readonly #waiting: Waiter<T, R>[] = [];

  constructor(begin: (sink: BatchSink<T, R>) => BatchRun<T, R>, signal: AbortSignal | undefined) {
    this.#begin = begin;
    this.#signal = signal;
  }

  next(): Promise<IteratorResult<BatchItem<T, R>, undefined>> {
    if (this.#state.is === 'new') this.#start();
    const next = this.#ready.shift();
    if (next !== undefined) {
      next.free();
      return Promise.resolve({ done: false, value: next.result });
    }
    if (this.#state.is === 'running') {
      return droppable(
        new Promise((resolve, reject) => void this.#waiting.push({ resolve, reject })),
      );
    }
    const state = this.#state;
    this.#state = { is: 'done' };
    return state.is === 'failed' ? droppable(Promise.reject(state.reason)) : Promise.resolve(done);
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    this.#leave();
    return Promise.resolve(done);
  }

  throw(reason: unknown): Promise<never> {
    this.#leave();
    return droppable(Promise.reject(reason));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leave();
  }

  #start(): void {
    const run = this.#begin({
      onValue: (value, index, item) => this.#offer({ index, item, status: 'fulfilled', value }),
      onError: (reason, index, item) => this.#offer({ index, item, status: 'rejected', reason }),
      onFinish: () => this.#over({ is: 'done' }),
      onFail: (reason) => {
        // What is ready is still good, but an abort is heard at once.
        if (this.#signal?.aborted === true) this.#drop();
        this.#over({ is: 'failed', reason });
      },
    });
    // An empty source may be over already.
    if (this.#state.is === 'new') this.#state = { is: 'running', run };
  }

  #offer(result: BatchItem<T, R>): Promise<void> | undefined {
    const waiter = this.#waiting.shift();
    if (waiter !== undefined) {
      waiter.resolve({ done: false, value: result });
      return undefined;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ready.push({ result, free: resolve });
    return promise;
  }

  #over(state: State<T, R>): void {
    if (this.#state.is === 'done') return;
    this.#state = state;
    const [first, ...others] = this.#waiting.splice(0);
    if (first === undefined) return;
    this.#state = { is: 'done' };
    if (state.is === 'failed') first.reject(state.reason);
    else first.resolve(done);
    for (const { resolve } of others) resolve(done);
  }

  #leave(): void {
    const state = this.#state;
    this.#over({ is: 'done' });
    this.#drop();
    if (state.is === 'running')
      state.run.stop(new DOMException('The results are not wanted', 'AbortError'));
  }

  #drop(): void {
    for (const { free } of this.#ready.splice(0)) free();
  }
}
