import type { Clock } from '@kortana/perf';
import { sleep } from '../waiting/sleep.ts';
import type { RateLimit } from './batch-options.ts';

/** At most `limit` starts within any interval: the next one waits for the one `limit` before it. */
export class RateLimiter {
  readonly #limit: number;
  readonly #intervalMs: number;
  readonly #clock: Clock;
  /** When the last `limit` turns were or will be; the oldest is at `#oldest`. */
  readonly #turns: number[] = [];
  #oldest = 0;

  constructor({ limit, intervalMs }: RateLimit, clock: Clock) {
    this.#limit = limit;
    this.#intervalMs = intervalMs;
    this.#clock = clock;
  }

  /** Resolves when the next start is due; turns are given in the order of the calls. */
  async turn(signal: AbortSignal): Promise<void> {
    const dueAt = this.#book();
    // Again after each sleep: a timer may be early, and the clock decides.
    for (let restMs = dueAt - this.#clock.now(); restMs > 0; restMs = dueAt - this.#clock.now()) {
      await sleep(restMs, { signal });
    }
  }

  #book(): number {
    const now = this.#clock.now();
    if (this.#turns.length < this.#limit) {
      this.#turns.push(now);
      return now;
    }
    const dueAt = Math.max(now, this.#turns[this.#oldest]! + this.#intervalMs);
    this.#turns[this.#oldest] = dueAt;
    this.#oldest = (this.#oldest + 1) % this.#limit;
    return dueAt;
  }
}
