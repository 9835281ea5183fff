import { type RateLimits, RateWindow } from './rate-window.ts';

export interface SlowCallLimits extends RateLimits {
  /** From how long on a call is slow, in milliseconds. */
  durationMs: number;
}

/** A call under way. */
export interface Running {
  readonly startedAt: number;
}

/** The share of slow calls; one still running counts from the moment on that it is slow. */
export class SlowCalls {
  readonly #durationMs: number;
  readonly #window: RateWindow;
  /** In the order of their start, which is the order in which they become slow. */
  readonly #running = new Set<Running>();
  /** No running call becomes slow before this. */
  #nextSlowAt = Infinity;

  constructor(limits: SlowCallLimits, window = new RateWindow(limits)) {
    this.#durationMs = limits.durationMs;
    this.#window = window;
  }

  start(now: number): Running {
    const running = { startedAt: now };
    this.#running.add(running);
    if (this.#nextSlowAt === Infinity) this.#nextSlowAt = now + this.#durationMs;
    return running;
  }

  /** Counts what has become slow by now. @returns when it was time to open, if it was */
  countOverdue(now: number): number | undefined {
    if (now < this.#nextSlowAt) return undefined;
    this.#nextSlowAt = Infinity;
    for (const running of this.#running) {
      const slowAt = running.startedAt + this.#durationMs;
      if (slowAt > now) {
        this.#nextSlowAt = slowAt;
        break;
      }
      this.#running.delete(running);
      if (this.#window.add(true, slowAt)) return slowAt;
    }
    return undefined;
  }

  /** After `countOverdue`: one that is still listed wasn't slow. @returns whether to open */
  end(running: Running, now: number): boolean {
    return this.#running.delete(running) && this.#window.add(false, now);
  }

  /** It ended without a verdict. */
  leave(running: Running): void {
    this.#running.delete(running);
  }

  /** The same figures, without the calls under way. */
  renewed(limits: SlowCallLimits): SlowCalls {
    return new SlowCalls(limits, this.#window);
  }
}
