import type { Clock } from '@kortana/perf';
import { startTimer } from '../waiting/start-timer.ts';

const firstPauseMs = 50;
const longestPauseMs = 5000;

/**
 * When the next connection may be made after one couldn't: those who wait already have one try each,
 * at once, to learn their cause; for whoever comes later a pause goes before, which doubles with
 * each failure in a row. So no loop of callers can make the pool spin.
 */
export class CreatePacing {
  readonly #clock: Clock;
  readonly #onPauseOver: () => void;
  #pauseMs = 0;
  #pauseUntil = -Infinity;
  #triesLeft = 0;
  #stopTimer: (() => void) | undefined;
  /** What the last try failed with; undefined after a success. */
  lastError: unknown;

  constructor(clock: Clock, onPauseOver: () => void) {
    this.#clock = clock;
    this.#onPauseOver = onPauseOver;
  }

  /**
   * Whether to make one now. If not, the pause's end is told.
   *
   * @param isAwaited whether somebody waits for it: then the process stays alive until it is told
   */
  tryBegin(isAwaited: boolean): boolean {
    const restMs = this.#pauseUntil - this.#clock.now();
    if (restMs <= 0) return true;
    if (this.#triesLeft > 0) {
      this.#triesLeft--;
      return true;
    }
    this.stop();
    const onEnd = (): void => {
      this.#stopTimer = undefined;
      this.#onPauseOver();
    };
    this.#stopTimer = startTimer(restMs, onEnd, { keepAlive: isAwaited });
    return false;
  }

  succeeded(): void {
    this.lastError = undefined;
    this.#pauseMs = 0;
    this.#pauseUntil = -Infinity;
    if (this.#stopTimer !== undefined) {
      this.stop();
      this.#onPauseOver();
    }
  }

  /** @param waiting how many wait for whom none is being made */
  failed(error: unknown, waiting: number): void {
    this.lastError = error;
    // Failures of tries that ran side by side are one.
    const isNew = this.#clock.now() >= this.#pauseUntil;
    if (isNew) this.#pauseMs = Math.min(this.#pauseMs * 2 || firstPauseMs, longestPauseMs);
    if (isNew) this.#triesLeft = waiting;
    this.#pauseUntil = this.#clock.now() + this.#pauseMs;
    this.stop();
  }

  stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }
}
