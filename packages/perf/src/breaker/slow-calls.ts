import { type RateLimits, RateWindow } from './rate-window.ts';

export interface SlowCallLimits extends RateLimits {
  /** From how long on a call is slow, in milliseconds. */
  durationMs: number;
}

/** A call under way, in the list of those that aren't slow yet; linked to itself: not in it. */
export interface Running {
  readonly startedAt: number;
  previous: Running;
  next: Running;
}

/** The share of slow calls; one still running counts from the moment on that it is slow. */
export class SlowCalls {
  readonly #durationMs: number;
  readonly #window: RateWindow;
  /** A ring in the order of their start, which is the order in which they become slow. */
  readonly #running = alone(Infinity);

  constructor(limits: SlowCallLimits, window = new RateWindow(limits)) {
    this.#durationMs = limits.durationMs;
    this.#window = window;
  }

  start(now: number): Running {
    const running = alone(now);
    const last = this.#running.previous;
    running.previous = last;
    running.next = this.#running;
    last.next = running;
    this.#running.previous = running;
    return running;
  }

  /** Counts what has become slow by now. @returns when it was time to open, if it was */
  countOverdue(now: number): number | undefined {
    for (;;) {
      const oldest = this.#running.next; // the ring's own end started at Infinity
      const slowAt = oldest.startedAt + this.#durationMs;
      if (slowAt > now) return undefined;
      unlink(oldest);
      if (this.#window.add(true, slowAt)) return slowAt;
    }
  }

  /** For a verdict, after `countOverdue`: one still in the list wasn't slow. @returns whether to open */
  end(running: Running, now: number): boolean {
    return unlink(running) && this.#window.add(false, now);
  }

  /** It ended without a verdict. */
  leave(running: Running): void {
    unlink(running);
  }

  /** The same figures, without the calls under way. */
  renewed(limits: SlowCallLimits): SlowCalls {
    return new SlowCalls(limits, this.#window);
  }
}

function alone(startedAt: number): Running {
  const running = { startedAt } as Running;
  running.previous = running;
  running.next = running;
  return running;
}

/** @returns whether it was in the list */
function unlink(running: Running): boolean {
  if (running.next === running) return false;
  running.previous.next = running.next;
  running.next.previous = running.previous;
  running.previous = running;
  running.next = running;
  return true;
}
