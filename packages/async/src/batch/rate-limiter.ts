import type { Clock } from '@kortana/perf';
import { sleep } from '../waiting/sleep.ts';
import type { RateLimit } from './batch-options.ts';

/** At most `limit` starts within any interval: the next one waits for the one `limit` before it. */
export class RateLimiter {
  readonly #limit: number;
  readonly #intervalMs: number;
  readonly #clock: Clock;
  /** When the last `limit` starts were; the oldest is at `#oldest`. */
  readonly #starts: number[] = [];
  #oldest = 0;
  /** Settles when the one before has had its turn, or gave it up. */
  #previous: Promise<unknown> = Promise.resolve();

  constructor({ limit, intervalMs }: RateLimit, clock: Clock) {
    this.#limit = limit;
    this.#intervalMs = intervalMs;
    this.#clock = clock;
  }

  /** Resolves when the next start is due; turns are given in the order of the calls. */
  turn(signal: AbortSignal): Promise<void> {
    const turn = this.#previous.then(() => this.#wait(signal));
    this.#previous = turn.catch(() => {});
    return turn;
  }

  /** Nothing is booked ahead: a turn that is given up is there for the next. */
  async #wait(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const dueAt =
      this.#starts.length < this.#limit
        ? -Infinity
        : this.#starts[this.#oldest]! + this.#intervalMs;
    // Again after each sleep: a timer may be early, and the clock decides.
    let now = this.#clock.now();
    for (; now < dueAt; now = this.#clock.now()) await sleep(dueAt - now, { signal });
    this.#starts[this.#oldest] = now;
    this.#oldest = (this.#oldest + 1) % this.#limit;
  }
}
