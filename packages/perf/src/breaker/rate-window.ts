/** When the share of bad samples opens a breaker. */
export interface RateLimits {
  /** The share of bad calls, above 0 up to 1, from which on it opens. */
  threshold: number;
  /** With fewer calls than this in the window it says nothing. */
  minimumCalls: number;
  /** How far back it looks, in milliseconds. */
  windowMs: number;
}

/** So many moments are told apart exactly. */
const exact = 64;
/** What is beyond shares slices of this part of the window. */
const slices = 60;
const capacity = 128; // for both, and the one that has just begun

/**
 * The share of bad samples among those of the last `windowMs`, in constant memory. While there are
 * few, each is forgotten when its own time is over. Of many, those that come within a sixtieth of
 * the window share a slice, and are forgotten together with its first one. So a sample is never
 * remembered too long, and forgotten at most a sixtieth too early. Time may stand still or leap; no
 * timer runs.
 */
export class RateWindow {
  readonly #limits: RateLimits;
  readonly #starts = new Float64Array(capacity);
  readonly #totals = new Float64Array(capacity);
  readonly #bads = new Float64Array(capacity);
  #first = 0;
  #length = 0;
  #total = 0;
  #bad = 0;

  constructor(limits: RateLimits) {
    this.#limits = limits;
  }

  /** @returns whether it is time to open */
  add(isBad: boolean, now: number): boolean {
    const { threshold, minimumCalls, windowMs } = this.#limits;
    this.#forget(now - windowMs);
    let last = (this.#first + this.#length - 1) % capacity;
    const since = this.#length === 0 ? Infinity : now - this.#starts[last]!;
    if (since > 0 && (this.#length < exact || since >= windowMs / slices)) {
      last = (this.#first + this.#length++) % capacity;
      this.#starts[last] = now;
      this.#totals[last] = 0;
      this.#bads[last] = 0;
    }
    this.#totals[last]!++;
    this.#total++;
    if (isBad) {
      this.#bads[last]!++;
      this.#bad++;
    }
    return this.#total >= minimumCalls && this.#bad / this.#total >= threshold;
  }

  #forget(until: number): void {
    while (this.#length > 0 && this.#starts[this.#first]! <= until) {
      this.#total -= this.#totals[this.#first]!;
      this.#bad -= this.#bads[this.#first]!;
      this.#first = (this.#first + 1) % capacity;
      this.#length--;
    }
  }
}
