import { droppable } from '../waiting/droppable.ts';

/** What a reader reads from. */
export interface Feed<T> {
  /** The item at this place, or the end; undefined: not there yet. Throws what ended the stream. */
  peek(at: number): IteratorResult<T, undefined> | undefined;
  /** Somebody waits for more. */
  demand(): void;
  /** A reader was given an item. */
  moved(): void;
  /** This reader reads no more. */
  leave(reader: StreamReader<T>, reason: unknown): void;
}

interface Waiter<T> {
  resolve(result: IteratorResult<T, undefined>): void;
  reject(error: unknown): void;
}

type State =
  | { is: 'reading' }
  /** Aborted, and the reason not handed out yet. */
  | { is: 'aborted'; reason: unknown }
  | { is: 'ended' };

const end: IteratorReturnResult<undefined> = { done: true, value: undefined };
const ended: State = { is: 'ended' };

/** One reader's place in a shared stream. */
export class StreamReader<T> implements AsyncIterableIterator<T, undefined> {
  readonly #feed: Feed<T>;
  readonly #signal: AbortSignal | undefined;
  readonly #waiting: Waiter<T>[] = [];
  #state: State = { is: 'reading' };
  #at = 0;

  constructor(feed: Feed<T>, signal: AbortSignal | undefined) {
    this.#feed = feed;
    this.#signal = signal;
    if (signal?.aborted === true) this.#state = { is: 'aborted', reason: signal.reason };
    else signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** How many items it was given: the place of the next one. */
  get at(): number {
    return this.#at;
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  get isReading(): boolean {
    return this.#state.is === 'reading';
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.isWaiting) return this.#wait();
    try {
      const result = this.#take();
      return result === undefined ? this.#wait() : Promise.resolve(result);
    } catch (error) {
      return droppable(Promise.reject(error));
    }
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    this.#leave(ended);
    this.wake();
    return Promise.resolve(end);
  }

  throw(reason: unknown): Promise<never> {
    this.#leave(ended);
    this.wake();
    return droppable(Promise.reject(reason));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  /** To be called when there is more, or the end: serves those who wait. */
  wake(): void {
    while (this.isWaiting) {
      try {
        const result = this.#take();
        if (result === undefined) return;
        this.#waiting.shift()!.resolve(result);
      } catch (error) {
        this.#waiting.shift()!.reject(error);
      }
    }
  }

  #wait(): Promise<IteratorResult<T, undefined>> {
    const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<T, undefined>>();
    this.#waiting.push({ resolve, reject });
    this.#feed.demand();
    return droppable(promise);
  }

  #take(): IteratorResult<T, undefined> | undefined {
    if (this.#state.is === 'aborted') {
      const { reason } = this.#state;
      this.#state = ended;
      throw reason;
    }
    if (this.#state.is === 'ended') return end;
    try {
      const result = this.#feed.peek(this.#at);
      if (result?.done === false) {
        this.#at++;
        this.#feed.moved();
      }
      if (result?.done === true) this.#leave(ended);
      return result;
    } catch (error) {
      this.#leave(ended);
      throw error;
    }
  }

  readonly #onAbort = (): void => {
    const reason: unknown = this.#signal?.reason;
    this.#leave({ is: 'aborted', reason }, reason);
    this.wake();
  };

  #leave(state: State, reason?: unknown): void {
    if (this.#state.is !== 'reading') return;
    this.#state = state;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#feed.leave(this, reason);
  }
}
