import { type Clock, newTurnClock } from '@kortana/perf';
import { startTimer } from '../waiting/start-timer.ts';
import { Fifo } from './fifo.ts';

export interface WaitingLineOptions {
  /** How long one waits, in milliseconds; default: without end. */
  limitMs?: number;
  /** Makes the error for who waited too long. */
  onTimeout?: (limitMs: number) => unknown;
  clock?: Clock;
}

interface Waiter<T> {
  readonly since: number;
  resolve(value: T): void;
  reject(error: unknown): void;
  /** Takes away what only some have: a listener, a timer of their own. */
  tidy: (() => void) | undefined;
}

/**
 * Those who wait for something, first come, first served; who leaves leaves nothing behind. All
 * with the common time limit share one timer, which runs while somebody waits.
 */
export class WaitingLine<T> {
  readonly #waiters = new Fifo<Waiter<T>>();
  readonly #limitMs: number;
  readonly #onTimeout: ((limitMs: number) => unknown) | undefined;
  readonly #clock: Clock;
  #stopTimer: (() => void) | undefined;

  constructor({ limitMs = Infinity, onTimeout, clock = newTurnClock() }: WaitingLineOptions = {}) {
    this.#limitMs = limitMs;
    this.#onTimeout = onTimeout;
    this.#clock = clock;
  }

  get size(): number {
    return this.#waiters.size;
  }

  /** @param ownLimitMs instead of the line's own */
  join(signal?: AbortSignal, ownLimitMs?: number): Promise<T> {
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    return new Promise<T>((resolve, reject) => {
      const since = ownLimitMs === undefined ? this.#clock.now() : Infinity;
      const waiter: Waiter<T> = { since, resolve, reject, tidy: undefined };
      const place = this.#waiters.push(waiter);
      if (this.#stopTimer === undefined && this.#limitMs !== Infinity) this.#watch(this.#limitMs);
      if (signal === undefined && ownLimitMs === undefined) return;

      const leave = (error: unknown): void => {
        this.#waiters.remove(place);
        this.#dismiss(waiter);
        reject(error);
      };
      const onAbort = (): void => leave(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      const stopOwnTimer =
        ownLimitMs === undefined
          ? undefined
          : startTimer(ownLimitMs, () => leave(this.#onTimeout?.(ownLimitMs)));
      waiter.tidy = () => {
        signal?.removeEventListener('abort', onAbort);
        stopOwnTimer?.();
      };
    });
  }

  /** Whether there was somebody to take it. */
  serve(value: T): boolean {
    const waiter = this.#waiters.shift();
    if (waiter === undefined) return false;
    this.#dismiss(waiter);
    waiter.resolve(value);
    return true;
  }

  /** Whether there was somebody to tell. */
  fail(error: unknown): boolean {
    const waiter = this.#waiters.shift();
    if (waiter === undefined) return false;
    this.#dismiss(waiter);
    waiter.reject(error);
    return true;
  }

  failAll(error: unknown): void {
    while (this.fail(error));
  }

  #dismiss(waiter: Waiter<T>): void {
    waiter.tidy?.();
    if (this.#waiters.size > 0) return;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  /** Who came first is first out of time. The timer only wakes up, the clock decides. */
  #watch(ms: number): void {
    this.#stopTimer = startTimer(ms, () => {
      this.#stopTimer = undefined;
      const over = this.#clock.now() - this.#limitMs;
      for (const place of this.#waiters) {
        const waiter = place.value;
        if (waiter.since === Infinity) continue;
        if (waiter.since > over) return this.#watch(waiter.since - over);
        this.#waiters.remove(place);
        this.#dismiss(waiter);
        waiter.reject(this.#onTimeout?.(this.#limitMs));
      }
    });
  }
}
