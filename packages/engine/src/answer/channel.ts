/** Puts an item into the channel; a promise means: wait until the reader has caught up. */
export type Put<T> = (item: T) => void | Promise<void>;

type State = { is: 'idle' } | { is: 'open' } | { is: 'ended' } | { is: 'failed'; error: unknown };

/** How far the writer may be ahead before it is asked to wait. */
const capacity = 256;

/**
 * What `run` puts, as an async iterable: the bridge from a function that pushes to a reader who
 * pulls. It starts at the first pull. The reader's leave (`break`, `return()`) aborts the signal at
 * once, also while a pull waits, which an async generator can't do.
 */
export class Channel<T> implements AsyncIterableIterator<T, undefined> {
  readonly #run: (put: Put<T>, signal: AbortSignal) => Promise<void>;
  readonly #signal: AbortSignal | undefined;
  readonly #controller = new AbortController();
  readonly #items: T[] = [];
  #state: State = { is: 'idle' };
  #taken = 0;
  #waiting: (() => void)[] = [];
  #resume: (() => void) | undefined;

  /**
   * @param signal whose abort is the end for the reader: what waits for him is dropped. `run` has to
   * obey it by itself.
   */
  constructor(run: (put: Put<T>, signal: AbortSignal) => Promise<void>, signal?: AbortSignal) {
    this.#run = run;
    this.#signal = signal;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    if (this.#signal?.aborted === true) this.#drop(this.#signal.reason);
    if (this.#state.is === 'idle') this.#start();
    for (;;) {
      if (this.#taken < this.#items.length) return { done: false, value: this.#take() };
      const state = this.#state;
      if (state.is === 'failed') {
        this.#state = { is: 'ended' };
        throw state.error;
      }
      if (state.is === 'ended') return { done: true, value: undefined };
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#items.length = this.#taken = 0;
    const wasOpen = this.#state.is === 'open';
    this.#end({ is: 'ended' });
    if (wasOpen) this.#controller.abort(new DOMException('The reader left', 'AbortError'));
    return { done: true, value: undefined };
  }

  #start(): void {
    this.#state = { is: 'open' };
    const run = async (): Promise<void> =>
      this.#run((item) => this.#put(item), this.#controller.signal);
    run().then(
      () => this.#end({ is: 'ended' }),
      (error: unknown) => this.#end({ is: 'failed', error }),
    );
  }

  /** The end for the reader: what waits for him is of no use any more. */
  #drop(reason: unknown): void {
    if (this.#state.is === 'ended') return;
    this.#items.length = this.#taken = 0;
    this.#end({ is: 'failed', error: reason });
  }

  #put(item: T): void | Promise<void> {
    if (this.#state.is !== 'open') return;
    this.#items.push(item);
    this.#wake();
    if (this.#items.length - this.#taken < capacity) return;
    return new Promise((resolve) => (this.#resume = resolve));
  }

  #take(): T {
    const item = this.#items[this.#taken++]!;
    if (this.#taken === this.#items.length) {
      this.#items.length = this.#taken = 0;
      this.#resume?.();
      this.#resume = undefined;
    }
    return item;
  }

  #end(state: State): void {
    if (this.#state.is === 'ended' || this.#state.is === 'failed') return;
    this.#state = state;
    this.#resume?.();
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
