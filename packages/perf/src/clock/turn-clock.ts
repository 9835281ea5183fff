import type { Clock } from './clock.ts';

const realPerformance = globalThis.performance;
const realNow = realPerformance.now;
const realSetTimeout = globalThis.setTimeout;
const afterThisTurn = globalThis.setImmediate as typeof setImmediate | undefined;

/**
 * The system clock, read once per turn of the event loop: a reading costs more than the rest of a
 * cache hit, and within a turn nothing but the turn's own work goes on.
 *
 * What that means: time stands still while one synchronous stretch of work lasts. An entry may be
 * served for that long past its end, and one made late in a long stretch ends that much earlier.
 * A turn never includes waiting, because the pending immediate keeps the loop from sleeping.
 *
 * While someone has replaced the clock (fake timers, a spy) it is read each time: from the next
 * turn on, or from when a part is made (`newTurnClock`), if it is nothing but `performance`.
 */
class TurnClock implements Clock {
  /** Begins with a fraction: so V8 keeps a bare number here, which needs no check. */
  #time = 0.5;
  /** Whether the time is that of this turn; of a replaced clock it never is. */
  #isOfThisTurn = false;

  now(): number {
    // `setTimeout` stands in for the global `performance`, whose getter costs ten times as much:
    // fake timers replace both.
    const isKnown =
      this.#isOfThisTurn && setTimeout === realSetTimeout && realPerformance.now === realNow;
    if (!isKnown) this.#read();
    return this.#time;
  }

  readonly endTurn = (): void => {
    this.#isOfThisTurn = false;
  };

  #read(): void {
    this.#time = performance.now();
    this.#isOfThisTurn =
      performance === realPerformance &&
      realPerformance.now === realNow &&
      setTimeout === realSetTimeout &&
      afterThisTurn !== undefined;
    // The immediate isn't unref'd, or the loop could fall asleep and wake up to an old reading. It
    // holds up an exit by one turn at most.
    if (this.#isOfThisTurn) afterThisTurn!(this.endTurn);
  }
}

export const turnClock = new TurnClock();

/**
 * `turnClock`, for a part that is made now. Someone may have replaced the global `performance` alone
 * since this turn began: to look for that is too dear for each reading, but not here.
 */
export function newTurnClock(): Clock {
  if (performance !== realPerformance) turnClock.endTurn();
  return turnClock;
}
