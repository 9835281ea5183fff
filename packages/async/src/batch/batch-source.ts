export type Step<T> = IteratorResult<T, unknown>;

/** Items one after another, whatever they come from. */
export interface BatchSource<T> {
  /** A promise only where the source is asynchronous; calls don't overtake one another. */
  next(): Step<T> | Promise<Step<T>>;
  /** Says that no more will be read; from then on `next` gives the end. */
  close(): void;
  /** How many there are, where that is known. */
  readonly total: number | undefined;
}

const end: Step<never> = { done: true, value: undefined };

/** @throws TypeError if it is no iterable */
export function openSource<T>(items: Iterable<T> | AsyncIterable<T>): BatchSource<T> {
  if (isAsyncIterable(items)) return openAsync(items[Symbol.asyncIterator]());
  if (!isIterable(items)) {
    throw new TypeError('Expected `items` to be an iterable or an async iterable');
  }
  const iterator = items[Symbol.iterator]();
  return {
    next: () => iterator.next(),
    close: () => closeQuietly(iterator),
    total: totalOf(items),
  };
}

function openAsync<T>(iterator: AsyncIterator<T, unknown>): BatchSource<T> {
  let isClosed = false;
  let last: Promise<unknown> = Promise.resolve();
  return {
    next: () => {
      const step = last.then(() => (isClosed ? end : iterator.next()));
      last = step.catch(() => {});
      return step;
    },
    close: () => {
      isClosed = true;
      closeQuietly(iterator);
    },
    total: undefined,
  };
}

/** The same items in arrays of `size`; the last may be shorter. */
export function inBatches<T>(source: BatchSource<T>, size: number): BatchSource<T[]> {
  let isOver = false;
  /** Whether there is room for more. */
  const add = (batch: T[], step: Step<T>): boolean => {
    if (step.done === true) isOver = true;
    else batch.push(step.value);
    return !isOver && batch.length < size;
  };
  const stepOf = (batch: T[]): Step<T[]> =>
    batch.length > 0 ? { done: false, value: batch } : end;
  const fill = (batch: T[]): Step<T[]> | Promise<Step<T[]>> => {
    for (;;) {
      const step = source.next();
      if (step instanceof Promise) {
        return step.then((result) => (add(batch, result) ? fill(batch) : stepOf(batch)));
      }
      if (!add(batch, step)) return stepOf(batch);
    }
  };
  // Of an asynchronous source one batch is filled after the other.
  let last: Promise<unknown> | undefined;
  return {
    next: () => {
      if (last === undefined) {
        const step = isOver ? end : fill([]);
        if (step instanceof Promise) last = step.catch(() => {});
        return step;
      }
      const step = last.then(() => (isOver ? end : fill([])));
      last = step.catch(() => {});
      return step;
    },
    close: () => source.close(),
    total: source.total && Math.ceil(source.total / size),
  };
}

function closeQuietly(iterator: Iterator<unknown> | AsyncIterator<unknown>): void {
  try {
    // Not waited for: a generator that hangs ends when it goes on.
    Promise.resolve(iterator.return?.()).catch(() => {});
  } catch {
    // Whoever closes has the outcome already.
  }
}

function isAsyncIterable<T>(items: Iterable<T> | AsyncIterable<T>): items is AsyncIterable<T> {
  return typeof items === 'object' && items !== null && Symbol.asyncIterator in items;
}

function isIterable(items: unknown): items is Iterable<unknown> {
  return typeof (items as Iterable<unknown> | undefined)?.[Symbol.iterator] === 'function';
}

function totalOf(items: unknown): number | undefined {
  if (Array.isArray(items)) return items.length;
  return items instanceof Set || items instanceof Map ? items.size : undefined;
}
