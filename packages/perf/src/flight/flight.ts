/** One run of the work, and those who wait for it. */
export class Flight<V> {
  /** Whether later callers join this one. */
  current = true;
  readonly #controller = new AbortController();
  readonly #onEnd: () => void;
  /** There before the work starts: it may ask for its own key. */
  readonly #result = Promise.withResolvers<V>();
  #hasEnded = false;
  #waiting = 0;

  /** @param onEnd called as soon as nobody should join any more */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
    // One who doesn't look at his answer must not end the process; and all callers may have left.
    this.#result.promise.catch(() => {});
  }

  start(fn: (signal: AbortSignal, flight: this) => Promise<V> | V): void {
    const { resolve, reject } = this.#result;
    const end = () => {
      this.#hasEnded = true;
      this.#onEnd();
    };
    promiseOfRun(() => fn(this.#controller.signal, this)).then(
      (value) => (end(), resolve(value)),
      (error: unknown) => (end(), reject(error)),
    );
  }

  join(signal: AbortSignal | undefined): Promise<V> {
    this.#waiting++;
    const { promise } = this.#result;
    if (signal === undefined) return promise;
    const answer = Promise.withResolvers<V>();
    const leave = () => {
      // One microtask later: an end that was there before the abort is known by then, and wins.
      queueMicrotask(() => {
        if (!this.#hasEnded) answer.reject(signal.reason);
      });
      if (--this.#waiting === 0 && !this.#hasEnded) this.#abandon(signal.reason);
    };
    signal.addEventListener('abort', leave, { once: true });
    const stay = () => signal.removeEventListener('abort', leave);
    promise.then(
      (value) => (stay(), answer.resolve(value)),
      (error: unknown) => (stay(), answer.reject(error)),
    );
    answer.promise.catch(() => {});
    return answer.promise;
  }

  #abandon(reason: unknown): void {
    this.current = false;
    this.#onEnd();
    this.#controller.abort(reason);
  }
}

/** A native promise comes as it is: its end must not be known a turn of the queue late. */
function promiseOfRun<V>(run: () => Promise<V> | V): Promise<V> {
  try {
    return Promise.resolve(run());
  } catch (error) {
    return Promise.reject(error);
  }
}
