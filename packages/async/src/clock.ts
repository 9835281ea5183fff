/** Monotonic time in milliseconds. */
export interface Clock {
  now(): number;
}

/** Reads `performance` late, so that fake timers installed later hold here too. */
export const systemClock: Clock = { now: () => performance.now() };
