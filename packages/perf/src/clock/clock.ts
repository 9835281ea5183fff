/** A source of time that never goes back: milliseconds, from any origin. */
export interface Clock {
  now(): number;
}

/** `performance.now`, looked up at each call, so that fake timers installed later are obeyed. */
export const systemClock: Clock = { now: () => performance.now() };
