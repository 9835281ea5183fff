/** One run of the work, and those who wait for it. */
export class Flight<V> {
  /** Whether later callers join this one. */
  current = true;
  readonly #controller = new AbortController();
  readonly #onEnd: () => void;
  #waiting = 0;
  #result!: Promise<V>;

  /** @param onEnd called as soon as nobody should join any more */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  start(fn: (signal: AbortSignal, flight: this) => Promise<V> | V): this {
    // A promise's executor: what `fn` throws at once becomes a rejection as well.
    this.#result = new Promise((resolve) => {
      resolve(fn(this.#controller.signal, this));
    });
    // Also handles the rejection of a run whose callers have all left.
    this.#result.then(this.#onEnd, this.#onEnd);
    return this;
  }

  join(signal: AbortSignal | undefined): Promise<V> {
    this.#waiting++;
    if (signal === undefined) return this.#result;
    const answer = new Promise<V>((resolve, reject) => {
      const leave = () => {
        reject(signal.reason as Error);
        if (--this.#waiting === 0) this.#abandon(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      const stay = () => signal.removeEventListener('abort', leave);
      this.#result.then(stay, stay);
      this.#result.then(resolve, reject);
    });
    // Like the shared result: one who doesn't look at his answer must not end the process.
    answer.catch(() => {});
    return answer;
  }

  #abandon(reason: unknown): void {
    this.current = false;
    this.#onEnd();
    this.#controller.abort(reason);
  }
}
