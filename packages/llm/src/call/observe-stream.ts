/** Told of each chunk, and once of the end. */
export interface StreamObserver<T> {
  /** Wraps each step of the source, for the sake of ambient context. */
  within?<R>(work: () => R): R;
  chunk?(chunk: T): void;
  end(outcome: StreamOutcome): void;
}

/** `'left'`: the reader stopped early, which is nobody's failure. */
export type StreamOutcome =
  | { kind: 'whole' }
  | { kind: 'failed'; error: unknown }
  | { kind: 'left' };

/**
 * The same stream, watched; `begin` is called for each iteration. By hand and not as a generator,
 * which would hold a `return()` back until the next chunk.
 */
export function observeStream<T>(
  source: AsyncIterable<T>,
  begin: () => StreamObserver<T>,
): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const inner = source[Symbol.asyncIterator]();
      let observer: StreamObserver<T> | undefined;
      let over = false;
      const end = (outcome: StreamOutcome) => {
        if (over) return;
        over = true;
        observer?.end(outcome);
      };
      return {
        async next() {
          observer ??= begin();
          try {
            const step = () => inner.next();
            const result = await (observer.within ? observer.within(step) : step());
            if (result.done) end({ kind: 'whole' });
            else observer.chunk?.(result.value);
            return result;
          } catch (error) {
            end({ kind: 'failed', error });
            throw error;
          }
        },
        async return() {
          end({ kind: 'left' });
          await inner.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
