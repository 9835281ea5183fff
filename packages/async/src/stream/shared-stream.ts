import { checkInteger, checkObject, checkSignal, KortanaError } from '@kortana/errors';
import { logger } from '../log.ts';
import { settled } from '../waiting/abortable.ts';
import { type Feed, StreamReader } from './stream-reader.ts';

export interface SharedStreamOptions {
  /** How many items are kept for late readers, an integer from 1 up; default: 10 000. */
  maxBuffered?: number | undefined;
}

export interface SubscribeOptions {
  /** Its abort ends this reader at once with its reason; the others go on. */
  signal?: AbortSignal | undefined;
}

/** The producer, or what makes it; that one's signal is aborted when the last reader has left. */
export type StreamSource<T> = AsyncIterable<T> | ((signal: AbortSignal) => AsyncIterable<T>);

type State<T> =
  | { is: 'idle' }
  | { is: 'flowing'; iterator: AsyncIterator<T>; isPulling: boolean }
  | { is: 'done' }
  | { is: 'failed'; error: unknown };

/**
 * One producer, many readers: each sees every item in order from the first, late ones replay what
 * was before. Nothing is produced before a reader asks for it, and the last reader's leave stops
 * the producer.
 *
 * Memory is bounded: a stream of more than `maxBuffered` items is no longer kept. The readers that
 * are there go on at the pace of the slowest, at most `maxBuffered` items apart; a new one gets
 * `STREAM_TOO_LONG`. After the last leave a new one gets what was kept, then `STREAM_STOPPED`.
 */
export class SharedStream<T> {
  readonly #source: StreamSource<T>;
  readonly #maxBuffered: number;
  readonly #stop = new AbortController();
  readonly #readers = new Set<StreamReader<T>>();
  #state: State<T> = { is: 'idle' };
  #buffer: T[] = [];
  /** How many items were dropped from the buffer's front. */
  #dropped = 0;

  private constructor(source: StreamSource<T>, maxBuffered: number) {
    this.#source = source;
    this.#maxBuffered = maxBuffered;
  }

  /** @throws TypeError, RangeError for a wrong source or option */
  static from<T>(source: StreamSource<T>, options: SharedStreamOptions = {}): SharedStream<T> {
    const { maxBuffered = 10_000 } = checkObject('options', options);
    if (typeof source !== 'function' && !isAsyncIterable(source)) {
      throw new TypeError('Expected `source` to be an async iterable or a function that makes one');
    }
    return new SharedStream(source, checkInteger('maxBuffered', maxBuffered, { min: 1 }));
  }

  /** A reader counts from here on, also before it asks for its first item. */
  subscribe({ signal }: SubscribeOptions = {}): AsyncIterableIterator<T, undefined> {
    if (signal !== undefined) checkSignal('signal', signal);
    const reader = new StreamReader(this.#feed, signal);
    if (reader.isReading && this.#dropped === 0 && !this.#isOver) this.#readers.add(reader);
    return reader;
  }

  readonly #feed: Feed<T> = {
    peek: (at) => {
      if (at < this.#dropped) throw tooLong(this.#maxBuffered);
      const place = at - this.#dropped;
      if (place < this.#buffer.length) return { done: false, value: this.#buffer[place]! };
      if (this.#state.is === 'failed') throw this.#state.error;
      return this.#state.is === 'done' ? { done: true, value: undefined } : undefined;
    },
    demand: () => this.#pull(),
    // Only at the bound can a step of the slowest be what the others wait for.
    moved: () => {
      if (this.#produced >= this.#maxBuffered) this.#pull();
    },
    leave: (reader, reason) => {
      if (!this.#readers.delete(reader)) return;
      if (this.#readers.size === 0) this.#onLastLeave(reason);
      else this.#pull();
    },
  };

  #pull(): void {
    if (this.#state.is === 'idle') this.#open();
    const state = this.#state;
    if (state.is !== 'flowing' || state.isPulling || !this.#isWanted()) return;
    state.isPulling = true;
    settled(() => state.iterator.next())
      .then((result) => {
        state.isPulling = false;
        if (this.#state !== state) return;
        // Read here: what is no result is an error of the source, like one that it throws.
        const { done, value } = checkObject('result', result) as IteratorYieldResult<T>;
        if (done) this.#end({ is: 'done' });
        else this.#push(value);
      })
      .catch((error: unknown) => {
        if (this.#state === state) this.#end({ is: 'failed', error });
      });
  }

  #open(): void {
    try {
      const source = this.#source;
      const items = typeof source === 'function' ? source(this.#stop.signal) : source;
      const iterator = items[Symbol.asyncIterator]();
      if (this.#isOver) this.#close(() => iterator);
      else this.#state = { is: 'flowing', iterator, isPulling: false };
    } catch (error) {
      if (!this.#isOver) this.#end({ is: 'failed', error });
    }
  }

  get #isOver(): boolean {
    return this.#state.is === 'done' || this.#state.is === 'failed';
  }

  /** Somebody waits, and nobody is a whole buffer behind. */
  #isWanted(): boolean {
    let isWanted = false;
    for (const reader of this.#readers) isWanted ||= reader.isWaiting;
    if (!isWanted || this.#produced < this.#maxBuffered) return isWanted;
    return this.#produced - this.#slowest() < this.#maxBuffered;
  }

  get #produced(): number {
    return this.#dropped + this.#buffer.length;
  }

  #slowest(): number {
    let slowest = Infinity;
    for (const reader of this.#readers) slowest = Math.min(slowest, reader.at);
    return slowest;
  }

  #push(item: T): void {
    this.#buffer.push(item);
    if (this.#produced > this.#maxBuffered) {
      const read = this.#slowest();
      this.#buffer.splice(0, read - this.#dropped);
      this.#dropped = read;
    }
    this.#wakeAll();
    this.#pull();
  }

  #end(state: State<T>): void {
    this.#state = state;
    this.#wakeAll();
    // From here on the buffer has all there is to read, and nobody waits.
    this.#readers.clear();
  }

  #wakeAll(): void {
    for (const reader of this.#readers) reader.wake();
  }

  #onLastLeave(reason: unknown): void {
    const state = this.#state;
    if (this.#isOver) return;
    const error = new KortanaError('The stream was stopped when its last reader left', {
      code: 'STREAM_STOPPED',
    });
    this.#state = { is: 'failed', error };
    this.#stop.abort(reason);
    this.#close(() => iteratorOf(state, this.#source));
  }

  #close(iterator: () => AsyncIterator<T> | undefined): void {
    settled(() => iterator()?.return?.()).catch((error: unknown) => {
      logger.debug('Closing a shared stream failed: {error}', { error });
    });
  }
}

/** What is to be closed: also a source that was never read holds something (a socket, a file). */
function iteratorOf<T>(state: State<T>, source: StreamSource<T>): AsyncIterator<T> | undefined {
  if (state.is === 'flowing') return state.iterator;
  return typeof source === 'function' ? undefined : source[Symbol.asyncIterator]();
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function tooLong(maxBuffered: number): KortanaError {
  return new KortanaError(`A stream of more than ${maxBuffered} items can't be replayed`, {
    code: 'STREAM_TOO_LONG',
  });
}
