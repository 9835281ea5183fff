/**
 * Starts `work` and gives its outcome, or rejects with the signal's reason as soon as it is
 * aborted. Whichever really came first wins: a success that was there before the abort is kept, a
 * later one is dropped, a later failure is no unhandled rejection. Already aborted: nothing starts.
 */
export function abortable<T, A extends readonly unknown[] = []>(
  signal: AbortSignal | undefined,
  work: (...args: A) => PromiseLike<T> | T,
  ...args: A
): Promise<T> {
  if (signal === undefined) return settled(work, ...args);
  if (signal.aborted) return Promise.reject(signal.reason);
  return orAborted(signal, work, args);
}

function orAborted<T, A extends readonly unknown[]>(
  signal: AbortSignal,
  work: (...args: A) => PromiseLike<T> | T,
  args: A,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    // One microtask later: an outcome that is already there has its reaction queued before this.
    const onAbort = (): void => queueMicrotask(() => reject(signal.reason));
    signal.addEventListener('abort', onAbort, { once: true });
    const leave = (): void => signal.removeEventListener('abort', onAbort);
    settled(work, ...args).then(
      (value) => (leave(), resolve(value)),
      (error: unknown) => (leave(), reject(error)),
    );
  });
}

/** The outcome of `work` as a promise, also if it throws instead of rejecting. */
export function settled<T, A extends readonly unknown[]>(
  work: (...args: A) => PromiseLike<T> | T,
  ...args: A
): Promise<T> {
  try {
    // A native promise comes back as it is: no turn of the queue is lost.
    return Promise.resolve(work(...args));
  } catch (error) {
    return Promise.reject(error);
  }
}
