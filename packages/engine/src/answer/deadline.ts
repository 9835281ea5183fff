import type { Clock } from '@kortana/perf';

/** The longest delay `setTimeout` can hold; it fires a longer one at once. */
const longestMs = 2 ** 31 - 1;

/**
 * A moment that is put off again and again, for the price of an assignment each time: the one timer
 * only wakes up and looks at the clock.
 */
export class Deadline {
  readonly #clock: Clock;
  readonly #expire: () => void;
  #at = Infinity;
  #timer: NodeJS.Timeout | undefined;
  #wakesAt = Infinity;

  constructor(clock: Clock, expire: () => void) {
    this.#clock = clock;
    this.#expire = expire;
  }

  /** Moves the moment to `ms` from now; Infinity for never. */
  set(ms: number): void {
    this.#at = this.#clock.now() + ms;
    if (this.#at < this.#wakesAt) this.#sleep(ms);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#at = this.#wakesAt = Infinity;
  }

  #sleep(ms: number): void {
    clearTimeout(this.#timer);
    if (ms === Infinity) return;
    this.#wakesAt = this.#clock.now() + ms;
    this.#timer = setTimeout(() => this.#wake(), Math.min(Math.ceil(ms), longestMs));
  }

  #wake(): void {
    this.#wakesAt = Infinity;
    const restMs = this.#at - this.#clock.now();
    if (restMs <= 0) this.#expire();
    else this.#sleep(restMs);
  }
}
