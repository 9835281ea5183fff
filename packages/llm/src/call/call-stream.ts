import type { Call } from './call.ts';

/**
 * The stream of a call: each iteration is a call of its own, and without one nothing is asked.
 *
 * A reader who leaves ends the call at once. A bare generator would hold his `return()` back until
 * the next chunk, and the far side would go on working for nobody.
 */
export function callStream<T>(
  begin: () => { call: Call; chunks: AsyncGenerator<T, void> },
): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const { call, chunks } = begin();
      let left = false;
      return {
        next: () =>
          chunks.next().catch((error: unknown): IteratorReturnResult<undefined> => {
            if (left) return { done: true, value: undefined };
            throw error;
          }),
        async return() {
          left = true;
          call.leave();
          await chunks.return();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
